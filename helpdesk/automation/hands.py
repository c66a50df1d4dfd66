"""What a rule wishes of a ticket: its macro and its own changes as commands, its texts filled for the requester."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from helpdesk.automation.model import Rule
from helpdesk.automation.rules import Wished
from helpdesk.canned.model import Body
from helpdesk.canned.service import Pen
from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import FieldError, Invalid, NotFound
from helpdesk.kernel.ids import derived_id, new_id
from helpdesk.kernel.text import preview
from helpdesk.macros.model import NONE, Macro, MacroChanges
from helpdesk.macros.rules import change_of
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.commands import AddMessage, AddTasks, ChangeTicket, ChoosePolicy, Command, OrderWebhooks
from helpdesk.tickets.model import AUTOMATION, Channel, Message, Ticket, Visibility
from helpdesk.tickets.todo import TaskPlan

type Fitted = Callable[[ChangeTicket, Ticket], ChangeTicket]


class Writings(Protocol):
    """What agents write with."""

    def macro(self, macro_id: str, agent: Agent) -> Macro:
        """A macro. Raises NotFound: there is none that they may read."""
        ...

    def bodies(self, canned_response_id: str, agent: Agent) -> Mapping[str, Body]:
        """A canned response's texts. Raises NotFound: there is none that they may read."""
        ...


def desk_itself(desk: Desk) -> Agent:
    """Who rules write as. They are in no group, so of what agents write with they read what is shared with all."""
    return Agent(AUTOMATION.id, desk.general.name, "", Role.AGENT, available=False, language=desk.general.language)


@dataclass(frozen=True, slots=True)
class Hands:
    """Does what rules say.

    Attributes:
        desk: the configuration.
        pen: fills texts.
        fitted: checks a change's names, and adds what follows from it.
        writings: macros and canned responses.
    """

    desk: Callable[[], Desk]
    pen: Pen
    fitted: Fitted
    writings: Writings

    def wish(self, rule: Rule, ticket: Ticket, may_reply: bool) -> Wished:  # noqa: FBT001 - `rules.Wishing`
        """What a rule wishes of a ticket.

        Args:
            rule: which.
            ticket: as it stands.
            may_reply: whether it may write to the requester.

        Raises:
            Invalid: a group, agent, category, macro, response, policy or webhook that it names is gone.
        """
        itself, actions = desk_itself(self.desk()), rule.actions
        macro = self._macro(actions.macro, itself)
        commands: list[Command] = []
        standing = ticket
        for changes in (macro.changes if macro is not None else MacroChanges(), actions.changes):
            change = change_of(changes, standing, itself, status=True)
            if change != ChangeTicket():
                commands.append(self.fitted(change, ticket))
            if isinstance(change.tags, tuple):  # tags are set as a whole: the second change builds on the first
                standing = replace(standing, tags=change.tags)
        if (
            actions.policy is not None
        ):  # behind the changes: what a policy's conditions ask for is as the rule leaves it
            commands.append(self._policy(actions.policy))
        texts = [*self._of_macro(macro, itself)]
        texts.append((Visibility.PUBLIC, {language: Body(text) for language, text in actions.reply.items()}))
        texts.append((Visibility.INTERNAL, {"en": Body(actions.note)} if actions.note else {}))
        readers = (Visibility.PUBLIC, Visibility.INTERNAL) if may_reply else (Visibility.INTERNAL,)
        found = (self._message(one, bodies, ticket, itself) for one, bodies in texts if bodies and one in readers)
        messages = tuple(one for one in found if one is not None)
        commands += [_added(one) for one in messages]
        if actions.task:
            task_id = derived_id(ticket.created_at, "task of a rule", ticket.id, rule.id)
            commands.append(AddTasks((TaskPlan(task_id),), (actions.task,)))
        webhooks = self._called(actions.webhooks)
        if webhooks:  # last: by then the ticket is as the rule leaves it
            commands.append(OrderWebhooks(webhooks))
        return Wished(
            tuple(commands), messages, replied=any(one.public for one in messages), webhooks=webhooks, task=actions.task
        )

    def _called(self, wished: tuple[str, ...]) -> tuple[str, ...]:
        """The destinations that a rule calls, without those that are switched off: that is no fault of the rule's."""
        known = self.desk().webhooks
        if gone := [one for one in wished if one not in known]:
            fault = FieldError("/actions/webhooks", f"names {', '.join(gone)}, which is gone")
            raise Invalid("The rule calls a webhook that is gone.", [fault])
        return tuple(one for one in wished if known[one].active)

    def _policy(self, policy_id: str) -> ChoosePolicy:
        if policy_id != NONE and all(one.id != policy_id for one in self.desk().policies):
            fault = FieldError("/actions/sla_policy", "is not an SLA policy of this desk")
            raise Invalid("The rule chooses an SLA policy that is gone.", [fault])
        return ChoosePolicy(None if policy_id == NONE else policy_id)

    def _macro(self, macro_id: str | None, itself: Agent) -> Macro | None:
        if macro_id is None:
            return None
        try:
            return self.writings.macro(macro_id, itself)
        except NotFound as error:
            fault = FieldError("/actions/macro_id", "is not a macro that is shared with all")
            raise Invalid("The rule runs a macro that is gone.", [fault]) from error

    def _of_macro(self, macro: Macro | None, itself: Agent) -> list[tuple[Visibility, Mapping[str, Body]]]:
        if macro is None or macro.reply is None:
            return []
        reply = macro.reply
        if reply.canned_response_id is None:
            return [(reply.visibility, reply.bodies)]
        try:
            return [(reply.visibility, self.writings.bodies(reply.canned_response_id, itself))]
        except NotFound as error:
            fault = FieldError("/actions/macro_id", "answers with a canned response that is gone")
            raise Invalid("The rule's macro answers with a canned response that is gone.", [fault]) from error

    def _message(
        self, readers: Visibility, bodies: Mapping[str, Body], ticket: Ticket, itself: Agent
    ) -> Message | None:
        body = self.pen.write(bodies, ticket, itself, signed=False).body
        if not body.text.strip():
            return None
        now: datetime = self.pen.clock()
        return Message(
            id=new_id(now),
            ticket_id=ticket.id,
            at=now,
            author=AUTOMATION,
            author_name=itself.name,
            visibility=readers,
            channel=Channel.WEB,
            text=body.text.strip(),
            html=body.html,
        )


def _added(message: Message) -> AddMessage:
    return AddMessage(message.id, message.author, message.visibility, message.channel, preview(message.text))
