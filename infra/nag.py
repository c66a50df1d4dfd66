"""How a finding of cdk-nag is answered: on the one resource it is about, with the reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Says why a finding stands.

    Args:
        construct: the resource the finding is about; what is below it is covered too.
        rule: the finding's id, such as `AwsSolutions-IAM5[Resource::*]`.
        reason: a sentence for the one who audits the account.
    """
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
