"""Articles in the table: what lists show on a shelf, texts by themselves, and what is found of both in one transaction."""

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError
from pynamodb.expressions.update import Action

from helpdesk.channels.model import Upload
from helpdesk.contracts import table as keys
from helpdesk.contracts.topology import ARTICLES_PREFIX, UPLOADS_PREFIX
from helpdesk.kernel.audit import Told
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import FieldError, Invalid, StaleVersion
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.shelves import AlreadyThere
from helpdesk.knowledge.finding import changed_places, segment_of
from helpdesk.knowledge.gaps import Asked, Unanswered
from helpdesk.knowledge.images import Image
from helpdesk.knowledge.model import Article, ArticleText, Counts, Feedback, Place, Use
from helpdesk.knowledge.service import Texts
from helpdesk.platform.audit import tell
from helpdesk.platform.shelves import DynamoShelf, ShelvedItem
from helpdesk.platform.table import (
    CONDITION_FAILED,
    CounterItem,
    DocumentAttribute,
    Item,
    Refused,
    Transaction,
    last_key_of,
    position_of,
    table_errors,
)
from helpdesk.search.model import ARTICLES
from helpdesk.search.segment import build
from helpdesk.search.store import SegmentItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

_MOST_OF_A_BATCH: Final = 100


class DocumentItem(Item):
    """A text, a picture, what a reader said, a use: one document."""

    document = DocumentAttribute()


class CountsItem(Item):
    """How an article, or words that were searched, fare."""

    helpful = NumberAttribute(null=True)
    unhelpful = NumberAttribute(null=True)
    views = NumberAttribute(null=True)
    solved = NumberAttribute(null=True)
    asked = NumberAttribute(null=True)
    found = NumberAttribute(null=True)
    clicked = NumberAttribute(null=True)


class DynamoArticles(DynamoShelf[Article]):
    """See `knowledge.service.Articles`.

    Args:
        clock: the desk's time; names of what is found sort by it.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(Article, keys.ARTICLES_SHELF, told_as="article")
        self._clock = clock

    def next_number(self) -> int:
        """A number that no article has."""
        item = CounterItem(*Item.at(keys.counter_key("articles")))
        with table_errors():
            item.update(actions=[CounterItem.tally.add(1)])
        return int(item.tally)

    def add(self, article: Article, texts: Texts) -> None:
        """Adds one, with its texts, and lets it be found."""
        made = ShelvedItem(*self._at(article.id), document=to_document(article), version=article.version)

        def write(writes: Transaction) -> None:
            writes.create(made, label="item")
            self._put_texts(writes, None, article, texts)

        try:
            self._commit(write)
        except Refused as refused:
            raise AlreadyThere("There is something of this id.") from refused

    def change(self, before: Article, after: Article, texts: Texts, told: Told | None = None) -> None:
        """Writes one, with texts, and lets it be found so; the trail tells of it, if it shall."""
        place = ShelvedItem(*self._at(after.id))
        actions = [ShelvedItem.document.set(to_document(after)), ShelvedItem.version.set(after.version)]

        def write(writes: Transaction) -> None:
            writes.update(place, actions, condition=ShelvedItem.version == before.version, label="item")
            self._put_texts(writes, before, after, texts)
            if told is not None:
                tell(writes, told)

        try:
            self._commit(write)
        except Refused as refused:
            now = self.get(after.id)
            current = now.version if now is not None else None
            raise StaleVersion("Somebody else changed the article in the meantime.", current=current) from refused

    def _put_texts(self, writes: Transaction, before: Article | None, after: Article, texts: Texts) -> None:
        for place, text in texts.items():
            key = keys.article_text_key(place.article_id, place.language, place.revision)
            writes.put(DocumentItem(*Item.at(key), document=to_document(text)))
        missing = [place for place in changed_places(before, after) if place not in texts]
        found = segment_of(before, after, {**self.texts(missing), **texts})
        if found:
            key = keys.fresh_key(ARTICLES, new_id(self._clock()))
            writes.put(SegmentItem(*Item.at(key), data=zlib.compress(build(found), 6)))

    def texts(self, places: Sequence[Place]) -> dict[Place, ArticleText]:
        """Some texts."""
        at = {keys.article_text_key(one.article_id, one.language, one.revision): one for one in places}
        found = {}
        wanted = [Item.at(key) for key in at]
        for start in range(0, len(wanted), _MOST_OF_A_BATCH):
            with table_errors():
                for item in DocumentItem.batch_get(wanted[start : start + _MOST_OF_A_BATCH], consistent_read=True):
                    found[at[keys.Key(item.pk, item.sk)]] = from_document(ArticleText, item.document)
        return found

    def history(self, article_id: str, language: str, *, limit: int) -> list[tuple[int, ArticleText]]:
        """Versions of a text, newest first."""
        prefix = keys.article_text_prefix(language)
        with table_errors():
            items = DocumentItem.query(
                keys.article_partition(article_id),
                DocumentItem.sk.startswith(prefix),
                scan_index_forward=False,
                limit=limit,
            )
            return [(int(one.sk.removeprefix(prefix)), from_document(ArticleText, one.document)) for one in items]

    # --- how they fare ---

    def counts(self, article_ids: Sequence[str]) -> dict[str, Counts]:
        """How some articles fare."""
        wanted = {keys.article_counts_key(one): one for one in article_ids[:_MOST_OF_A_BATCH]}
        if not wanted:
            return {}
        with table_errors():
            return {
                wanted[keys.Key(item.pk, item.sk)]: Counts(
                    int(item.helpful or 0), int(item.unhelpful or 0), int(item.views or 0), int(item.solved or 0)
                )
                for item in CountsItem.batch_get([Item.at(key) for key in wanted])
            }

    def count_view(self, article_id: str) -> None:
        """Counts that somebody read one."""
        with table_errors():
            CountsItem(*Item.at(keys.article_counts_key(article_id))).update(actions=[CountsItem.views.add(1)])

    def say(self, feedback: Feedback, *, expires_at: int) -> None:
        """Keeps what a reader said, and counts their vote."""
        counts = CountsItem(*Item.at(keys.article_counts_key(feedback.article_id)))
        vote = CountsItem.helpful if feedback.helpful else CountsItem.unhelpful
        key = keys.article_feedback_key(feedback.article_id, feedback.id)
        writes = Transaction()
        writes.update(counts, [vote.add(1)])
        writes.put(DocumentItem(*Item.at(key), document=to_document(feedback), expires_at=expires_at))
        with table_errors():
            writes.commit()

    def comment(self, article_id: str, feedback_id: str, comment: str) -> bool:
        """Adds words to a vote that has none; False: there is no such vote, or it has some."""
        place = Item.at(keys.article_feedback_key(article_id, feedback_id))
        try:
            with table_errors():
                item = DocumentItem.get(*place, consistent_read=True)
        except DoesNotExist:
            return False
        if item.document.get("comment"):
            return False
        item.document = {**item.document, "comment": comment}
        with table_errors():
            item.save()
        return True

    def feedback(self, article_id: str, *, limit: int) -> list[Feedback]:
        """What readers said of one, newest first."""
        with table_errors():
            items = DocumentItem.query(
                keys.article_partition(article_id),
                DocumentItem.sk.startswith(keys.ARTICLE_FEEDBACK_PREFIX),
                scan_index_forward=False,
                limit=limit,
            )
            return [from_document(Feedback, item.document) for item in items]

    def forget_feedback(self, article_id: str, feedback_id: str) -> None:
        """Deletes what a reader said; their vote counts on."""
        if is_id(feedback_id):
            with table_errors():
                DocumentItem(*Item.at(keys.article_feedback_key(article_id, feedback_id))).delete()

    # --- on which tickets they were used ---

    def note_use(self, use: Use) -> None:
        """Notes that an article was used on a ticket; what was noted before stays."""
        writes = Transaction()
        document = to_document(use)
        writes.create(
            DocumentItem(*Item.at(keys.article_use_key(use.article_id, use.ticket_id)), document=document), label="use"
        )
        writes.put(DocumentItem(*Item.at(keys.answer_key(use.ticket_id, use.article_id)), document=document))
        try:
            with table_errors():
                writes.commit()
        except Refused:
            return

    def use(self, article_id: str, ticket_id: str) -> Use | None:
        """What is known of an article on a ticket."""
        try:
            with table_errors():
                item = DocumentItem.get(*Item.at(keys.answer_key(ticket_id, article_id)), consistent_read=True)
        except DoesNotExist:
            return None
        return from_document(Use, item.document)

    def settle_use(self, use: Use) -> None:
        """Notes that an article solved a ticket, and counts it, once."""
        before = self.use(use.article_id, use.ticket_id)
        if before is not None and before.solved_at is not None:
            return
        writes = Transaction()
        document = to_document(use)
        label = "use"
        mine = DocumentItem(*Item.at(keys.answer_key(use.ticket_id, use.article_id)), document=document)
        if before is None:
            writes.create(mine, label=label)
        else:
            writes.put(mine, condition=DocumentItem.document == to_document(before), label=label)
        writes.put(DocumentItem(*Item.at(keys.article_use_key(use.article_id, use.ticket_id)), document=document))
        writes.update(CountsItem(*Item.at(keys.article_counts_key(use.article_id))), [CountsItem.solved.add(1)])
        try:
            with table_errors():
                writes.commit()
        except Refused:
            return  # somebody else did, this moment

    def uses_on(self, ticket_id: str) -> list[Use]:
        """The articles that were used on a ticket."""
        with table_errors():
            items = DocumentItem.query(
                keys.ticket_partition(ticket_id), DocumentItem.sk.startswith(keys.ANSWER_PREFIX), consistent_read=True
            )
            return [from_document(Use, item.document) for item in items]

    def uses_of(self, article_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Use]:
        """The tickets that an article was used on, newest first."""
        with table_errors():
            items = DocumentItem.query(
                keys.article_partition(article_id),
                DocumentItem.sk.startswith(keys.ARTICLE_USE_PREFIX),
                scan_index_forward=False,
                limit=limit,
                last_evaluated_key=last_key_of(position),
            )
            found = tuple(from_document(Use, item.document) for item in items)
        return Page(found, position_of(items.last_evaluated_key))

    # --- what is missing ---

    def note_search(self, month: str, language: str, words: str, *, found: int, expires_at: int) -> None:
        """Counts that words were searched."""
        actions: list[Action] = [
            CountsItem.asked.add(1),
            CountsItem.found.set(found),
            CountsItem.expires_at.set(expires_at),
        ]
        with table_errors():
            CountsItem(*Item.at(keys.asked_key(month, language, words))).update(actions=actions)

    def note_click(self, month: str, language: str, words: str) -> None:
        """Counts that somebody opened what words had found; of words that nobody searched, nothing."""
        item = CountsItem(*Item.at(keys.asked_key(month, language, words)))
        try:
            with table_errors():
                item.update(actions=[CountsItem.clicked.add(1)], condition=CountsItem.asked.exists())
        except UpdateError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise

    def asked(self, month: str, *, most: int) -> list[Asked]:
        """What was searched in a month."""
        with table_errors():
            items = CountsItem.query(keys.asked_partition(month), limit=most)
            return [_asked(item) for item in items]

    def note_unanswered(self, month: str, one: Unanswered, *, expires_at: int) -> None:
        """Notes that no article was found for a ticket; said again, it stays what it was."""
        item = DocumentItem(*Item.at(keys.unanswered_key(month, one.ticket_id)))
        item.document, item.expires_at = to_document(one), expires_at
        try:
            with table_errors():
                item.save(condition=DocumentItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != f"{CONDITION_FAILED}Exception":
                raise

    def unanswered(self, month: str, *, most: int) -> list[Unanswered]:
        """Tickets of a month for which no article was found, newest first."""
        with table_errors():
            items = DocumentItem.query(keys.unanswered_partition(month), scan_index_forward=False, limit=most)
            return [from_document(Unanswered, item.document) for item in items]


def _asked(item: CountsItem) -> Asked:
    language, _, words = item.sk.partition("#")
    return Asked(language, words, int(item.asked or 0), int(item.found or 0), int(item.clicked or 0))


class S3Images:
    """Pictures of articles: what they are in the table, their bytes in the bucket.

    Args:
        s3: gives the client.
        bucket: the files bucket.
    """

    def __init__(self, s3: "Callable[[], S3Client]", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def uploaded(self, upload: Upload, most: int) -> bytes:
        """What was uploaded.

        Raises:
            Invalid: nothing was, or more than `most` bytes.
        """
        try:
            answer = self._s3().get_object(Bucket=self._bucket, Key=f"{UPLOADS_PREFIX}{upload.id}")
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound", "403", "AccessDenied"}:
                raise Invalid("The picture is missing.", [FieldError("/upload", "was not uploaded")]) from error
            raise
        if answer["ContentLength"] > most:
            raise Invalid("The picture is too large.", [FieldError("/upload", f"has more than {most} bytes")])
        return answer["Body"].read()

    def put(self, article_id: str, image: Image, content: bytes) -> None:
        """Keeps a picture."""
        key = f"{ARTICLES_PREFIX}{article_id}/{image.id}"
        self._s3().put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=image.content_type)
        with table_errors():
            DocumentItem(*Item.at(keys.article_image_key(article_id, image.id)), document=to_document(image)).save()

    def get(self, article_id: str, image_id: str) -> tuple[Image, bytes] | None:
        """A picture."""
        try:
            with table_errors():
                item = DocumentItem.get(*Item.at(keys.article_image_key(article_id, image_id)))
        except DoesNotExist:
            return None
        key = f"{ARTICLES_PREFIX}{article_id}/{image_id}"
        content = self._s3().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return from_document(Image, item.document), content
