"""Starts the desk on this machine, keeps it running, and stops it in order: `.venv/bin/python -m local.run`."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import Final

import aiohttp
from aiohttp import web

from helpdesk.contracts.topology import INTAKE_MAIL
from infra.outputs import dead_letters_output
from local import build, demo, product
from local.cloud import Cloud, Emulator, restoring
from local.gateway import Desk, Gateway
from local.mailbox import Mailbox
from local.options import ROOT, CannotStart, Options, check_node, check_python, own, read_options, reserve
from local.people import People
from local.quiet import Quiet, Restless
from local.receipt import read_rules
from local.smtp import Inbound, close, serve, tidy

LONGEST_LINE: Final = 1 << 20
"""Of a request: an address that is too long is refused in the API's one form, rather than in the server's own."""
FINISHES_WITHIN_SECONDS: Final = 30.0
STARTED: Final = time.monotonic()


def say(step: str) -> None:
    """Prints a step of the start, with the seconds since it began."""
    print(f"{time.monotonic() - STARTED:6.1f}s  {step}", flush=True)


@dataclass(frozen=True)
class Running:
    """What a running desk consists of, for stopping it."""

    emulator: Emulator
    quiet: Quiet
    inbound: Inbound
    smtp: asyncio.Server
    site: web.AppRunner


async def _deploy(options: Options, emulator: Emulator, session: aiohttp.ClientSession) -> Cloud:
    """Makes the stack in the emulator what the checkout says, and returns it."""
    with build.alone(ROOT / "build" / "lock") as let_others_read:
        await build.build_pages(say)
        await build.install_packages(ROOT / "infra", say)
        let_others_read()
        if not await _has_stack(session, emulator):
            build.forget_deployment(options.data_dir)
        deployed = await build.deploy(options, emulator.url, say)
    if deployed is not None:
        async with session.post(f"{emulator.url}/_desk/save"):
            build.note_deployment(options.data_dir, deployed)
    return Cloud(emulator.url, build.read_outputs(options.data_dir))


async def _has_stack(session: aiohttp.ClientSession, emulator: Emulator) -> bool:
    """Whether the emulator's state holds a deployment: it does not if it was killed before it ever saved one."""
    async with session.get(f"{emulator.url}/_desk/work") as answer:
        return bool((await answer.json())["functions"])


async def _start(
    options: Options, sockets: tuple[socket.socket, socket.socket], stack: contextlib.AsyncExitStack
) -> Running:
    data_dir = options.data_dir
    emulator = Emulator(data_dir)
    stack.push_async_callback(emulator.stop)
    say("Starting the AWS emulator")
    await emulator.start()
    session = await stack.enter_async_context(
        aiohttp.ClientSession(
            auto_decompress=False, timeout=aiohttp.ClientTimeout(total=120), cookie_jar=aiohttp.DummyCookieJar()
        )
    )
    cloud = await _deploy(options, emulator, session)
    product.adopt_environment(cloud)
    clock = product.DeskClock()
    await asyncio.to_thread(clock.load)
    people = People(cloud, data_dir / "people.json")
    inbound = Inbound(
        cloud,
        data_dir / "journal",
        emulator.saved_at,
        lambda: read_rules(data_dir / "receipt-rules"),
        cloud.outputs[dead_letters_output(INTAKE_MAIL.name)],
        clock.now,
    )
    quiet = Quiet(session, emulator.url, lambda: inbound.busy)
    await demo.furnish(people, say)
    gateway = Gateway(
        Desk(
            url=options.url,
            cloud=cloud,
            people=people,
            mailbox=Mailbox(data_dir / "mailbox"),
            quiet=quiet,
            clock=clock,
            session=session,
            callback=await asyncio.to_thread(people.callback),
        )
    )
    site = web.AppRunner(gateway.application(), access_log=None, shutdown_timeout=10, max_line_size=LONGEST_LINE)
    await site.setup()
    interrupted = inbound.resume()
    if interrupted:
        say(f"Handling {interrupted} mails that an earlier run did not finish")
    if options.demo:
        await demo.fill(data_dir, quiet, say, partial(restoring, session, emulator.url))
    smtp = await serve(inbound, sockets[1])
    stack.callback(asyncio.create_task(tidy(inbound)).cancel)
    await web.SockSite(site, sockets[0], backlog=512).start()
    return Running(emulator, quiet, inbound, smtp, site)


async def _finish(running: Running) -> None:
    """Takes nothing new, and waits for what was taken."""
    await close(running.smtp)
    await running.site.cleanup()
    await running.inbound.drain()
    try:
        await running.quiet.wait(FINISHES_WITHIN_SECONDS)
    except (Restless, aiohttp.ClientError, TimeoutError) as unfinished:
        say(f"Something is still in flight and goes on at the next start: {unfinished}")


async def run(options: Options) -> int:
    """Runs the desk until it is asked to stop.

    Returns:
        The exit status.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(own(options.data_dir).close)
        sockets = (reserve(options.port, "PORT"), reserve(options.smtp_port, "SMTP_PORT"))
        for taken in sockets:
            stack.callback(taken.close)
        starting = asyncio.create_task(_start(options, sockets, stack))
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
            return 0
        running = starting.result()
        _print_addresses(options)
        lost = asyncio.create_task(running.emulator.ended())
        await asyncio.wait({asked, lost}, return_when=asyncio.FIRST_COMPLETED)
        if lost.done():
            print(f"The emulator has ended; its last words are in {running.emulator.log}", file=sys.stderr)
            return 1
        lost.cancel()
        print("\nFinishing what is in flight ...", flush=True)
        await _finish(running)
    print("Saved. Bye.", flush=True)
    return 0


def _print_addresses(options: Options) -> None:
    say("Ready")
    lines = {
        "Agents": options.url + "/",
        "Customers": options.url + "/portal",
        "API reference": options.url + "/docs",
        "Mails sent": options.url + "/_local/",
        "Mail in (SMTP)": f"127.0.0.1:{options.smtp_port}, for support@desk.test",
        "Data and logs": str(options.data_dir),
    }
    print("\n" + "\n".join(f"  {name:<16}{value}" for name, value in lines.items()))
    print("\n  Ctrl-C stops the desk; all data is kept.\n", flush=True)


def main() -> int:
    """Checks the machine and runs the desk."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        check_python()
        options = read_options(os.environ)
        check_node()
        return asyncio.run(run(options))
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
