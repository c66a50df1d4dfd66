"""The CDK app: what `cdk synth` and `cdk deploy` run, by way of cdk.json."""

import os
import sys

from aws_cdk import App, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.config import Config, ConfigError, read_config
from infra.layer import LayerError
from infra.stacks.desk import DeskStack


def build(app: App, config: Config) -> DeskStack:
    """Puts the desk into an app.

    Account and region are those the CDK CLI found; without any the template fits every account and region.
    """
    env = Environment(account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=os.environ.get("CDK_DEFAULT_REGION"))
    stack = DeskStack(app, config, env=env)
    Tags.of(stack).add("app", config.name)
    Tags.of(stack).add("stage", config.stage)
    if config.check:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stack


def main() -> int:
    """Synthesizes; says in one line what is wrong with the context or the packages."""
    app = App()
    try:
        build(app, read_config(app.node.try_get_context))
    except (ConfigError, LayerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
