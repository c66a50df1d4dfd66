"""Who agents are: a Cognito user pool whose user names are the agents' person ids."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.config import Config
from infra.constructs.storage import removal
from infra.nag import accept

SCOPE = "openid email"


def sign_in_url(config: Config) -> str:
    """Origin of the hosted sign-in; known before the pool, as the pages' headers name it."""
    return f"https://{_label(config)}.auth.{Aws.REGION}.amazoncognito.com"


class Identity(Construct):
    """User pool, hosted sign-in and the pages' client (authorization code with PKCE, no secret)."""

    def __init__(self, scope: Construct, construct_id: str, config: Config, *, base_url: str) -> None:
        """Makes the pool.

        Args:
            scope: what the part belongs to.
            construct_id: its name there.
            config: the deployment.
            base_url: where sign-in leads back to.
        """
        super().__init__(scope, construct_id)
        self.pool = self._pool(config)
        self.pool.add_domain("Domain", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=_label(config)))
        self.sign_in_url = sign_in_url(config)
        self.client = self.pool.add_client(
            "Pages",
            user_pool_client_name=f"{config.prefix}-pages",
            generate_secret=False,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL],
                callback_urls=[f"{base_url}/auth/callback"],
                logout_urls=[f"{base_url}/"],
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.hours(12),
        )

    def _pool(self, config: Config) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Users",
            user_pool_name=config.prefix,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            deletion_protection=config.protect,
            removal_policy=removal(config),
        )
        accept(
            pool,
            "AwsSolutions-COG2",
            "A second factor is offered, not forced: whether agents must have one is the owner's decision"
            " (docs/deploying.md says where to turn it on).",
        )
        accept(
            pool,
            "AwsSolutions-COG3",
            "Threat protection belongs to Cognito's Plus plan, which costs per user and month.",
        )
        accept(
            pool,
            "AwsSolutions-COG8",
            "Threat protection belongs to Cognito's Plus plan, which costs per user and month.",
        )
        return pool


def _label(config: Config) -> str:
    """A label of its own for every account, as all of a region share the name space."""
    return config.sign_in_prefix or f"{config.prefix}-{Aws.ACCOUNT_ID}"
