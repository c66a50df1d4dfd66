"""Answers of colleagues in the table: beside each other in their round, none of them beside a name."""

from collections.abc import Sequence
from datetime import date

from pynamodb.exceptions import DoesNotExist

from helpdesk.contracts import table as keys
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.platform.table import DocumentAttribute, Item, Refused, Transaction, table_errors
from helpdesk.surveys.plans import Question
from helpdesk.surveys.pulses import Kept, Said


class PulseItem(Item):
    """An answer, or that a colleague has answered."""

    document = DocumentAttribute()


class DynamoPulseStore:
    """See `surveys.pulse_service.PulseStore`."""

    def answered(self, round_id: str, agent_id: str) -> bool:
        """Whether a colleague has answered a round."""
        try:
            with table_errors():
                PulseItem.get(*Item.at(keys.pulse_receipt_key(round_id, agent_id)), consistent_read=True)
        except DoesNotExist:
            return False
        return True

    def say(self, round_id: str, agent_id: str, said: Said, questions: Sequence[Question], *, expires_at: int) -> bool:
        """Keeps an answer with what was asked, and that the colleague has answered."""
        writes = Transaction()
        writes.create(
            PulseItem(*Item.at(keys.pulse_receipt_key(round_id, agent_id)), document={}, expires_at=expires_at),
            label="receipt",
        )
        writes.put(
            PulseItem(
                *Item.at(keys.pulse_answer_key(round_id, said.id)),
                document=to_document(Kept(said, tuple(questions))),
                expires_at=expires_at,
            )
        )
        try:
            with table_errors():
                writes.commit()
        except Refused:
            return False
        return True

    def said(self, round_id: str) -> tuple[Sequence[Question], Sequence[Said]]:
        """What was asked in a round, and all that was answered: one query, of a colleague's few hundred bytes each."""
        with table_errors():
            kept = [from_document(Kept, item.document) for item in PulseItem.query(keys.pulse_answers(round_id))]
        questions = {question.id: question for one in kept for question in one.questions}
        return tuple(questions.values()), tuple(one.said for one in kept)

    # --- who was told of a round ---

    def asked_on(self, round_id: str) -> date | None:
        """The last day on which all who had not answered a round were told of it."""
        try:
            with table_errors():
                item = PulseItem.get(*Item.at(keys.pulse_asked_key(round_id)))
        except DoesNotExist:
            return None
        return date.fromisoformat(str(item.document["day"]))

    def note_asked(self, round_id: str, day: date, *, expires_at: int) -> None:
        """Notes that they were, on a day."""
        key = Item.at(keys.pulse_asked_key(round_id))
        with table_errors():
            PulseItem(*key, document={"day": day.isoformat()}, expires_at=expires_at).save()
