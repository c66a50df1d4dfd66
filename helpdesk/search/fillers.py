"""Words that everybody asks with: they tell how somebody asks, not what about.

Only what a question has beside its matter is here, in the three languages of the desk: who writes in another one is
helped as well, as rare words weigh more than frequent ones anyhow. What is counted, ranked and marked stays as it was:
fillers only weigh nothing when it is asked how much of a question a text meets.
"""

from typing import Final

from helpdesk.search.tokens import stem

_ENGLISH: Final = (
    "a about again all also always am an and any anybody are as at be because been before but by can cannot could dear"
    " did do does doing done for from get give go good got had has have he hello help her here hi him his how i if in into"
    " is issue it its just know let like long make many may me mine more morning much must my need needs no not now of off"
    " ok on one only onto or our out please problem put question regards say see she should so some someone something"
    " still take tell than thank thanks that the their them then there these they thing this those to too try up us use"
    " used using very want wants was way we were what when where which while who why will with without work working works"
    " would yet you your yours don doesn didn won isn wasn haven hasn couldn wouldn"
)
_KOREAN: Final = (
    "어떻게 어떤 언제 어디 어디서 어디에서 어디쯤 얼마 얼마나 며칠 며칠째 왜 무엇 무슨 뭐 누구 몇 안 못 잘 좀 더 다 제 제가 저 저는"
    " 저희 내 이 그 수 것 것만 거 게 걸 하나 방법 방법은 문의 문의드려요 질문 문제 도와 부탁 주세요 해주세요 알려주세요 보내주세요"
    " 받아주세요 찾아주세요 돌려주세요 바꿔주세요 고쳐주세요 알려 주실 가르쳐 알고 하고 하는 하기 하나요 하려면 해 해야 해도 해요 했어요"
    " 했는데 합니다 할 한 함 된 될 되 되나요 돼요 됩니다 됐어요 되었어요 같아요 같습니다 인가요 인지 입니다 이에요 예요 드립니다 드려요"
)
_KOREAN_BEGINNINGS: Final = ("궁금", "싶", "있", "없", "가능", "필요", "감사", "안녕", "부탁")
_JAPANESE: Final = "方法 方 教 知 何 誰 私 今 時 事 日"

FILLERS: Final = frozenset({*map(stem, _ENGLISH.split()), *_KOREAN.split(), *_JAPANESE.split()})


def is_filler(word: str) -> bool:
    """Whether a folded word, of Korean one between spaces and of Japanese one run of a script, tells nothing.

    >>> [is_filler(word) for word in ("how", "궁금해요", "教", "printer", "프린터", "紙")]
    [True, True, True, False, False, False]
    """
    return word in FILLERS or word.startswith(_KOREAN_BEGINNINGS)
