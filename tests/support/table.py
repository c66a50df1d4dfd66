"""The table as infra/ makes it, in whatever answers as DynamoDB."""

import boto3

from helpdesk.contracts.table import INDEXES, PARTITION_KEY, SORT_KEY, Projection


def create_table(name: str) -> None:
    """Makes the table and its indexes, and waits until it can be used."""
    client = boto3.client("dynamodb")
    attributes = {PARTITION_KEY, SORT_KEY} | {key for index in INDEXES for key in (index.partition_key, index.sort_key)}
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in sorted(attributes)],
        KeySchema=_schema(PARTITION_KEY, SORT_KEY),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": _schema(index.partition_key, index.sort_key),
                "Projection": {
                    "ProjectionType": index.projection.value,
                    **({"NonKeyAttributes": list(index.include)} if index.projection is Projection.INCLUDE else {}),
                },
            }
            for index in INDEXES
        ],
    )
    client.get_waiter("table_exists").wait(TableName=name)


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
