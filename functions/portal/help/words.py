"""What stands on the help centre's pages beside articles, in each language."""
# ruff: noqa: RUF001 - Korean and Japanese have marks of their own

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from functions.portal.help.community_words import COMMUNITY
from helpdesk.kernel.text import LANGUAGES

NAMES: Final[Mapping[str, str]] = {"en": "English", "ko": "한국어", "ja": "日本語"}
LOCALES: Final[Mapping[str, str]] = {"en": "en_US", "ko": "ko_KR", "ja": "ja_JP"}

_EN: Final = {
    "solved": "Did one of these answer your question?",
    "solved_text": "If so, we close your request #{number}, and nobody needs to look at it. You can reopen it at any time by answering our mail.",
    "solved_which": "Which one helped?",
    "solved_yes": "Yes, close my request",
    "solved_no": "No, I still need help",
    "solved_not": "Thank you for telling us",
    "solved_not_text": "Your request #{number} stays open, and somebody looks at it. If you can add anything, answer our mail.",
    "solved_done": "Glad that it is solved",
    "solved_done_text": "Your request is closed. If something is still open, answer our mail and we go on.",
    "help": "Help",
    "title": "{brand} Help",
    "question": "How can we help?",
    "lead": "Find an answer in a moment, or write to us.",
    "search": "Search",
    "search_label": "Search the help centre",
    "placeholder": "For example: reset my password",
    "topics": "Topics",
    "recent": "New and updated",
    "more": "More articles",
    "articles_one": "1 article",
    "articles": "{count} articles",
    "home": "Help centre",
    "mine": "My requests",
    "updated": "Updated {date}",
    "contents": "On this page",
    "step": "Step {number} of {count}",
    "step_done": "Done",
    "steps_hint": "Tick off each step as you go.",
    "other_language": "This article is not there in English yet. You see it in {language}.",
    "helpful": "Did this help?",
    "yes": "Yes",
    "no": "No",
    "thanks": "Thank you!",
    "thanks_yes": "Good to hear.",
    "thanks_no": "We are sorry. What was missing or unclear?",
    "comment": "Your comment",
    "comment_hint": "Please write nothing here that tells who you are. If you need an answer, write to us instead.",
    "send": "Send",
    "thanks_comment": "Thank you. Our authors will read it.",
    "related": "You may also want to know",
    "still": "Not what you were looking for?",
    "still_text": "Write to us. A person will read it and answer you.",
    "ask": "Write to us",
    "results": "Answers to “{query}”",
    "results_one": "1 article found",
    "results_count": "{count} articles found",
    "nothing": "We found nothing for “{query}”",
    "nothing_text": "Try fewer or other words. Or write to us: a person will read it and answer you.",
    "missing": "There is nothing at this address",
    "missing_text": "The article may have been renamed or taken away, or it is only for people who have signed in.",
    "trouble": "This did not work",
    "trouble_text": "Nothing was lost. Please try again in a moment.",
    "too_many": "Thank you, we have heard you",
    "too_many_text": "So many votes come from your network that we cannot count more of them right now.",
    "sign_in": "Sign in",
    "skip": "Skip to the content",
    "language": "Language",
    "where": "Where you are",
    "empty": "There are no articles here yet",
    "empty_text": "Write to us in the meantime. A person will read it and answer you.",
}
_KO: Final = {
    "solved": "이 중에 답이 있었나요?",
    "solved_text": "그렇다면 문의 #{number}번을 해결된 것으로 처리할게요. 저희 메일에 답장하면 언제든 다시 열 수 있어요.",
    "solved_which": "어떤 글이 도움이 되었나요?",
    "solved_yes": "네, 문의를 해결로 처리해 주세요",
    "solved_no": "아니요, 아직 도움이 필요해요",
    "solved_not": "알려 주셔서 감사해요",
    "solved_not_text": "문의 #{number}번은 열린 상태로 두고 담당자가 살펴볼게요. 덧붙일 내용이 있으면 저희 메일에 답장해 주세요.",
    "solved_done": "해결되어 다행이에요",
    "solved_done_text": "문의를 해결로 처리했어요. 더 궁금한 점이 있으면 메일에 답장해 주세요.",
    "help": "도움말",
    "title": "{brand} 도움말",
    "question": "무엇을 도와드릴까요?",
    "lead": "바로 답을 찾아보거나 저희에게 문의해 주세요.",
    "search": "검색",
    "search_label": "도움말 검색",
    "placeholder": "예: 비밀번호 재설정",
    "topics": "주제",
    "recent": "새로 올라온 글",
    "more": "다른 글",
    "articles_one": "글 1개",
    "articles": "글 {count}개",
    "home": "도움말 센터",
    "mine": "내 문의",
    "updated": "{date} 업데이트",
    "contents": "이 글의 내용",
    "step": "{count}단계 중 {number}단계",
    "step_done": "완료",
    "steps_hint": "단계를 마칠 때마다 표시해 두세요.",
    "other_language": "이 글은 아직 한국어로 준비되지 않아 {language}로 보여 드려요.",
    "helpful": "도움이 되었나요?",
    "yes": "네",
    "no": "아니요",
    "thanks": "감사합니다!",
    "thanks_yes": "도움이 되었다니 다행이에요.",
    "thanks_no": "죄송해요. 무엇이 빠졌거나 이해하기 어려웠나요?",
    "comment": "의견",
    "comment_hint": "개인 정보는 적지 말아 주세요. 답변이 필요하면 문의를 남겨 주세요.",
    "send": "보내기",
    "thanks_comment": "감사합니다. 담당자가 읽어 볼게요.",
    "related": "함께 보면 좋은 글",
    "still": "찾던 내용이 아닌가요?",
    "still_text": "문의를 남겨 주세요. 담당자가 읽고 답해 드려요.",
    "ask": "문의하기",
    "results": "‘{query}’ 검색 결과",
    "results_one": "글 1개를 찾았어요",
    "results_count": "글 {count}개를 찾았어요",
    "nothing": "‘{query}’에 맞는 글을 찾지 못했어요",
    "nothing_text": "단어를 줄이거나 바꿔서 검색해 보세요. 문의를 남기면 담당자가 답해 드려요.",
    "missing": "이 주소에는 글이 없어요",
    "missing_text": "제목이 바뀌었거나 삭제되었을 수 있어요. 로그인해야 볼 수 있는 글일 수도 있어요.",
    "trouble": "처리하지 못했어요",
    "trouble_text": "사라진 것은 없어요. 잠시 후 다시 시도해 주세요.",
    "too_many": "의견을 잘 받았어요",
    "too_many_text": "같은 네트워크에서 보낸 의견이 많아 지금은 더 받을 수 없어요.",
    "sign_in": "로그인",
    "skip": "본문으로 건너뛰기",
    "language": "언어",
    "where": "현재 위치",
    "empty": "아직 글이 없어요",
    "empty_text": "그동안 문의를 남겨 주세요. 담당자가 읽고 답해 드려요.",
}
_JA: Final = {
    "solved": "この中に答えはありましたか？",
    "solved_text": "あれば、お問い合わせ #{number} を解決済みにします。こちらからのメールに返信すれば、いつでも再開できます。",
    "solved_which": "どの記事が役に立ちましたか？",
    "solved_yes": "はい、解決済みにする",
    "solved_no": "いいえ、まだ困っています",
    "solved_not": "お知らせいただきありがとうございます",
    "solved_not_text": "お問い合わせ #{number} は受付中のままとし、担当者が確認します。補足があれば、こちらからのメールにご返信ください。",
    "solved_done": "解決してよかったです",
    "solved_done_text": "お問い合わせを解決済みにしました。まだお困りの場合は、メールにご返信ください。",
    "help": "ヘルプ",
    "title": "{brand} ヘルプ",
    "question": "何かお困りですか？",
    "lead": "すぐに答えを探すか、お問い合わせください。",
    "search": "検索",
    "search_label": "ヘルプを検索",
    "placeholder": "例：パスワードの再設定",
    "topics": "トピック",
    "recent": "新着と更新",
    "more": "その他の記事",
    "articles_one": "記事 1 件",
    "articles": "記事 {count} 件",
    "home": "ヘルプセンター",
    "mine": "お問い合わせ一覧",
    "updated": "{date} 更新",
    "contents": "この記事の内容",
    "step": "ステップ {number} / {count}",
    "step_done": "完了",
    "steps_hint": "終わったステップにチェックを入れてください。",
    "other_language": "この記事はまだ日本語がありません。{language}で表示しています。",
    "helpful": "お役に立ちましたか？",
    "yes": "はい",
    "no": "いいえ",
    "thanks": "ありがとうございます。",
    "thanks_yes": "お役に立ててうれしいです。",
    "thanks_no": "申し訳ありません。足りない点やわかりにくい点を教えてください。",
    "comment": "ご意見",
    "comment_hint": "個人情報は書かないでください。回答が必要な場合はお問い合わせください。",
    "send": "送信",
    "thanks_comment": "ありがとうございます。担当者が読みます。",
    "related": "あわせて読みたい記事",
    "still": "お探しの内容が見つかりませんか？",
    "still_text": "お問い合わせください。担当者が読んでお答えします。",
    "ask": "お問い合わせ",
    "results": "「{query}」の検索結果",
    "results_one": "1 件見つかりました",
    "results_count": "{count} 件見つかりました",
    "nothing": "「{query}」に合う記事が見つかりませんでした",
    "nothing_text": "言葉を減らすか、別の言葉でお試しください。お問い合わせいただければ担当者がお答えします。",
    "missing": "このアドレスには何もありません",
    "missing_text": "記事の名前が変わったか、取り下げられた可能性があります。ログインが必要な記事かもしれません。",
    "trouble": "処理できませんでした",
    "trouble_text": "失われたものはありません。少し待ってからもう一度お試しください。",
    "too_many": "ご意見を受け取りました",
    "too_many_text": "同じネットワークからのご意見が多いため、今はこれ以上受け付けられません。",
    "sign_in": "ログイン",
    "skip": "本文へ移動",
    "language": "言語",
    "where": "現在の場所",
    "empty": "まだ記事がありません",
    "empty_text": "その間はお問い合わせください。担当者が読んでお答えします。",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    language: {**words, **COMMUNITY[language]} for language, words in (("en", _EN), ("ko", _KO), ("ja", _JA))
}
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def say(language: str) -> Callable[..., str]:
    """What says a page's words in a language: `say("en")("updated", date="…")`."""
    words = WORDS[language]

    def words_of(name: str, **values: object) -> str:
        count = values.get("count")
        chosen = words[f"{name}_one"] if count == 1 and f"{name}_one" in words else words[name]
        return chosen.format(**values)

    return words_of


def date_in(at: datetime, language: str) -> str:
    """A day as a language writes it."""
    if language == "en":
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    year, month, day = ("년 ", "월 ", "일") if language == "ko" else ("年", "月", "日")
    return f"{at.year}{year}{at.month}{month}{at.day}{day}"


def preferred(accepted: str, default: str) -> str:
    """The language of ours that a browser likes best, from its `Accept-Language`.

    >>> preferred("fr, ja;q=0.8, en;q=0.5", "en")
    'ja'
    """
    wishes = []
    for place, part in enumerate(accepted.split(",")[:20]):
        tag, _, more = part.partition(";")
        weight = more.strip().removeprefix("q=")
        try:
            wishes.append((-float(weight) if weight else -1.0, place, tag.strip().split("-")[0].lower()))
        except ValueError:
            continue
    return next((language for _, _, language in sorted(wishes) if language in LANGUAGES), default)
