"""The desk as one stack: everything of `helpdesk.contracts.topology` and what it stands on."""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from helpdesk.contracts import environment as variables
from helpdesk.contracts.topology import FUNCTIONS, WEBHOOKS
from infra import outputs
from infra.config import Config
from infra.constructs.alarms import Alarms
from infra.constructs.api import Api
from infra.constructs.bus import Bus
from infra.constructs.function import ROOT, DeskFunction, Surroundings
from infra.constructs.grants import Resources
from infra.constructs.identity import Identity
from infra.constructs.mail import MailIn, MailOut
from infra.constructs.overview import Overview
from infra.constructs.pages import Pages
from infra.constructs.storage import Buckets, SigningSecret, Table
from infra.constructs.ticks import Ticks
from infra.layer import build_layer

LAYERS = ROOT / "build" / "layers"


class DeskStack(Stack):
    """One desk."""

    def __init__(self, scope: Construct, config: Config, *, env: Environment) -> None:
        """Makes the desk.

        Args:
            scope: the app.
            config: the deployment.
            env: account and region; either may be left open.
        """
        super().__init__(
            scope,
            config.prefix,
            env=env,
            description=f"{config.brand} ({config.stage})",
            termination_protection=config.protect,
        )
        self.config = config
        self.alarms = Alarms(self, "Alarms", config)
        self.api = Api(self, "Api", config)
        self.pages = self._pages()
        self.base_url = self.pages.origin if self.pages else config.base_url
        self.identity = Identity(self, "Identity", config, base_url=self.base_url)
        self.mail_out = MailOut(self, "MailOut", config)
        self.resources = self._resources()
        self.functions = self._functions()
        self.mail_in = self._mail_in()
        self.api.connect(self.functions, self.identity)
        if self.pages:
            self.pages.publish(self.identity)
        self.api.watch(self.alarms)
        self.mail_out.watch(self.alarms)
        Overview(self, "Overview", config, alarms=self.alarms, api=self.api, functions=self.functions)
        self._name_outputs()

    def _pages(self) -> Pages | None:
        if not self.config.pages:
            return None
        return Pages(self, "Pages", self.config, api_domain=self.api.domain)

    def _resources(self) -> Resources:
        config = self.config
        buckets = Buckets(
            self, "Buckets", config, origins=[self.base_url, *(f"https://{host}" for host in config.brand_hosts)]
        )
        return Resources(
            table=Table(self, "Table", config),
            mail=buckets.mail,
            files=buckets.files,
            bus=Bus(self, "Bus", config).bus,
            secret=SigningSecret(self, "Signing", config).secret,
            sender_arns=self.mail_out.arns,
            ticks=Ticks(self, "Ticks", config),
            model_arn=self._model_arn(),
        )

    def _model_arn(self) -> str:
        """The one model that may be asked about tickets, in this region."""
        model = self.config.triage_service.partition(" ")[0]
        return f"arn:{self.partition}:bedrock:{self.region}::foundation-model/{model}" if model else ""

    def _functions(self) -> tuple[DeskFunction, ...]:
        around = Surroundings(
            config=self.config,
            layer=self._layer("Packages", "lambda.txt"),
            training=self._layer("TrainingPackages", "training.txt"),
            verifying=self._layer("VerifyingPackages", "verifying.txt"),
            environment=self._environment(),
            resources=self.resources,
            alarms=self.alarms,
        )
        return tuple(DeskFunction(self, outputs.camel(spec.name), spec, around) for spec in FUNCTIONS)

    def _layer(self, construct_id: str, requirements: str) -> lambda_.LayerVersion | None:
        config = self.config
        if not config.bundle:
            return None
        folder = build_layer(ROOT / "requirements" / requirements, config.architecture, LAYERS)
        return lambda_.LayerVersion(
            self,
            construct_id,
            # The folder is named by what is in it: no need to read 50 MB at each synthesis.
            code=lambda_.Code.from_asset(str(folder), asset_hash=folder.name.rpartition("-")[2]),
            description=f"Third-party packages of requirements/{requirements}",
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        )

    def _environment(self) -> dict[str, str]:
        """The same for all functions; what a function may do with it is up to its role."""
        resources = self.resources
        return {
            variables.TABLE: resources.table.table.table_name,
            variables.BUS: resources.bus.event_bus_name,
            variables.MAIL_BUCKET: resources.mail.bucket_name,
            variables.FILES_BUCKET: resources.files.bucket_name,
            variables.SECRET: resources.secret.secret_arn,
            variables.BASE_URL: self.base_url,
            variables.CLOCK: self.config.clock,
            variables.CONFIGURATION_SET: self.mail_out.configuration_set.configuration_set_name,
            variables.TICK_QUEUE: resources.ticks.queue.queue_name,
            variables.TRIAGE_SERVICE: self.config.triage_service,
            variables.STAGE: self.config.stage,
            variables.OUTBOUND: self.config.outbound,
            variables.WEBHOOK_QUEUE: f"{self.config.prefix}-{WEBHOOKS.name}",
        }

    def _mail_in(self) -> MailIn | None:
        if not self.config.receive_mail:
            return None
        receiver = next(function for function in self.functions if function.spec.inbound_mail)
        return MailIn(self, "MailIn", self.config, bucket=self.resources.mail, function=receiver.function)

    def _name_outputs(self) -> None:
        resources = self.resources
        values = {
            outputs.API_URL: f"https://{self.api.domain}",
            outputs.API_ID: self.api.api.api_id,
            outputs.BASE_URL: self.base_url,
            outputs.TABLE_NAME: resources.table.table.table_name,
            outputs.MAIL_BUCKET: resources.mail.bucket_name,
            outputs.FILES_BUCKET: resources.files.bucket_name,
            outputs.BUS_NAME: resources.bus.event_bus_name,
            outputs.SECRET_ARN: resources.secret.secret_arn,
            outputs.USER_POOL_ID: self.identity.pool.user_pool_id,
            outputs.USER_POOL_CLIENT_ID: self.identity.client.user_pool_client_id,
            outputs.SIGN_IN_URL: self.identity.sign_in_url,
            outputs.ALARM_TOPIC_ARN: self.alarms.topic.topic_arn,
            outputs.CONFIGURATION_SET: self.mail_out.configuration_set.configuration_set_name,
        }
        if self.pages:
            values[outputs.DISTRIBUTION_ID] = self.pages.distribution.distribution_id
        if self.mail_in:
            values[outputs.RECEIPT_RULE_SET] = self.mail_in.rule_set_name
        for function in self.functions:
            name = function.spec.name
            values[outputs.function_output(name)] = function.function.function_name
            if function.queue is not None:
                values[outputs.queue_output(name)] = function.queue.queue_url
            if function.dead_letters is not None:
                values[outputs.dead_letters_output(name)] = function.dead_letters.queue_url
        for key, value in values.items():
            CfnOutput(self, f"Output{key}", value=value).override_logical_id(key)
