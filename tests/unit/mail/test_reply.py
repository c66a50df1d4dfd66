"""What is new in a mail is found whatever program, phone or language it was written with."""

# ruff: noqa: RUF001, SIM905 -- words of other scripts are the subject; a list of lines reads best as lines

import pytest

from helpdesk.mail.reply import forwarded_author, new_text

NEW = "Thanks, that solved it.\nOne more thing: it beeps."

INTRODUCTIONS = """\
On Mon, Feb 3, 2025 at 4:15 PM Mina Park <mina@shop.example> wrote:
On 3 Feb 2025, at 16:15, Mina Park <mina@shop.example> wrote:
On 2025-02-03 16:15, Mina Park wrote:
On Monday, February 3rd, 2025 at 4:15 PM, Mina Park <mina@shop.example> wrote:
Mina Park <mina@shop.example> writes:
Le lun. 3 févr. 2025 à 16:15, Mina Park <mina@shop.example> a écrit :
Le 03/02/2025 à 16:15, Mina Park a écrit :
Am Mo., 3. Feb. 2025 um 16:15 Uhr schrieb Mina Park <mina@shop.example>:
Am 03.02.2025 um 16:15 schrieb Mina Park:
Mina Park <mina@shop.example> hat am 03.02.2025 16:15 CET geschrieben:
Op ma 3 feb. 2025 om 16:15 schreef Mina Park <mina@shop.example>:
Op 3 feb. 2025 om 16:15 heeft Mina Park <mina@shop.example> het volgende geschreven:
El lun, 3 feb 2025 a las 16:15, Mina Park (<mina@shop.example>) escribió:
Em seg., 3 de fev. de 2025 às 16:15, Mina Park <mina@shop.example> escreveu:
Mina Park <mina@shop.example> escreveu no dia segunda, 3/02/2025 à(s) 16:15:
Il giorno lun 3 feb 2025 alle ore 16:15 Mina Park <mina@shop.example> ha scritto:
Den mån 3 feb. 2025 kl 16:15 skrev Mina Park <mina@shop.example>:
man. 3. feb. 2025 kl. 16:15 skrev Mina Park <mina@shop.example>:
ma 3. helmik. 2025 klo 16.15 Mina Park (mina@shop.example) kirjoitti:
pon., 3 lut 2025 o 16:15 Mina Park <mina@shop.example> napisał(a):
W dniu 03.02.2025 o 16:15, Mina Park pisze:
Wiadomość napisana przez Mina Park <mina@shop.example> w dniu 3 lut 2025, o godz. 16:15:
po 3. 2. 2025 v 16:15 odesílatel Mina Park <mina@shop.example> napsal:
po 3. 2. 2025 o 16:15 Mina Park <mina@shop.example> napísal(a):
пн, 3 февр. 2025 г. в 16:15, Mina Park <mina@shop.example>:
03.02.2025, 16:15, "Mina Park" <mina@shop.example>:
03.02.2025 16:15, Mina Park пишет:
пн, 3 лют. 2025 р. о 16:15 Mina Park <mina@shop.example> пише:
Mina Park <mina@shop.example> ezt írta (időpont: 2025. febr. 3., H, 16:15):
În lun., 3 feb. 2025 la 16:15, Mina Park <mina@shop.example> a scris:
Mina Park <mina@shop.example>, 3 Şub 2025 Pzt, 16:15 tarihinde şunu yazdı:
Στις Δευ 3 Φεβ 2025 στις 4:15 μ.μ., ο χρήστης Mina Park <mina@shop.example> έγραψε:
pon, 3. velj 2025. u 16:15 Mina Park <mina@shop.example> napisao je:
на пн, 3.02.2025 г. в 16:15 ч. Mina Park <mina@shop.example> написа:
2025년 2월 3일 (월) 오후 4:15, 박미나 <mina@shop.example>님이 작성:
2025. 2. 3. 오후 4:15, 박미나 <mina@shop.example> 작성:
2025-02-03 오후 4:15에 박미나 이(가) 쓴 글:
2025年2月3日(月) 16:15 朴美奈 <mina@shop.example>:
2025/02/03 16:15、Mina Park <mina@shop.example>のメール:
2025年2月3日月曜日 16:15、朴美奈さんは書きました:
Mina Park <mina@shop.example> 于2025年2月3日周一 16:15写道：
在 2025/2/3 16:15, Mina Park 写道:
Mina Park <mina@shop.example> 於 2025年2月3日 週一 下午4:15寫道：
Vào Th 2, 3 thg 2, 2025 vào lúc 16:15 Mina Park <mina@shop.example> đã viết:
Pada tanggal Sen, 3 Feb 2025 pukul 16.15 Mina Park <mina@shop.example> menulis:
ในวันที่ จ. 3 ก.พ. 2025 เวลา 16:15 Mina Park <mina@shop.example> เขียนว่า:
---- On Mon, 03 Feb 2025 16:15:09 +0900 Mina Park <mina@shop.example> wrote ----
-----Original Message-----
-----Message d'origine-----
-----Ursprüngliche Nachricht-----
---------- 원본 메일 ----------
----- 元のメッセージ -----
------------------ 原始邮件 ------------------""".split("\n")

PASTED_HEADERS = """\
From: Mina Park|Sent: Monday, February 3, 2025 4:15 PM|To: Help|Subject: RE: Lamp
*From:* Mina Park <mina@shop.example>|*Date:* Monday, 3 February 2025 at 16:15|*To:* Help|*Subject:* Re: Lamp
Von: Mina Park <mina@shop.example>|Gesendet: Montag, 3. Februar 2025 16:15|An: Help|Betreff: AW: Lampe
De : Mina Park <mina@shop.example>|Envoyé : lundi 3 février 2025 16:15|À : Help|Objet : RE: Lampe
De: Mina Park <mina@shop.example>|Enviado el: lunes, 3 de febrero de 2025 16:15|Para: Help|Asunto: Lámpara
Da: Mina Park <mina@shop.example>|Inviato: lunedì 3 febbraio 2025 16:15|A: Help|Oggetto: R: Lampada
Van: Mina Park <mina@shop.example>|Verzonden: maandag 3 februari 2025 16:15|Aan: Help|Onderwerp: RE: Lamp
Från: Mina Park <mina@shop.example>|Skickat: den 3 februari 2025 16:15|Till: Help|Ämne: SV: Lampa
Od: Mina Park <mina@shop.example>|Wysłano: poniedziałek, 3 lutego 2025 16:15|Do: Help|Temat: ODP: Lampa
Feladó: Mina Park <mina@shop.example>|Elküldve: 2025. február 3., hétfő 16:15|Címzett: Help|Tárgy: RE: Lámpa
От: Mina Park <mina@shop.example>|Отправлено: 3 февраля 2025 г. 16:15|Кому: Help|Тема: RE: Лампа
보낸 사람: 박미나 <mina@shop.example>|보낸 날짜: 2025년 2월 3일 월요일 오후 4:15|받는 사람: 고객센터|제목: RE: 램프
보낸사람 : "박미나" <mina@shop.example>|받는사람 : "고객센터" <help@desk.example>|날짜 : 2025-02-03 16:15:09|제목 : 램프
差出人: 朴美奈 <mina@shop.example>|送信日時: 2025年2月3日月曜日 16:15|宛先: Help|件名: RE: ランプ
发件人: 朴美奈 <mina@shop.example>|发送时间: 2025年2月3日 16:15|收件人: Help|主题: 回复: 灯
Date: Mon, 3 Feb 2025 16:15:09 +0900|Subject: Re: Lamp|From: mina@shop.example|To: help@desk.example""".split("\n")

APP_LINES = """\
Sent from my iPhone
Sent from my Galaxy
Sent from Yahoo Mail on Android
Get Outlook for iOS<https://aka.ms/abc>
Von meinem iPhone gesendet
Gesendet mit der WEB.DE Mail App
Envoyé de mon iPhone
Enviado desde mi iPhone
Enviado do meu iPhone
Inviato da iPhone
Verzonden vanaf mijn iPhone
Skickat från min iPhone
Wysłane z iPhone'a
Отправлено с iPhone
나의 iPhone에서 보냄
네이버 메일 앱에서 보냈습니다.
iPhoneから送信
发自我的iPhone
從我的 iPhone 傳送""".split("\n")

WRITTEN_BY_PEOPLE = [
    "Please change the booking:\nFrom: Seoul\nTo: Busan\nDate: 5 May 2025\n\nThanks",
    "The form says\nSubject: required\nDate: 2025-01-01\nwhat shall I enter?",
    "On 3 May 2024 the printer stopped working.\nIt said: paper jam",
    "The log:\n\n----------\nERROR the server was busy with what takes longer than any line of a signature ever would\nsecond\n----------\n\nWhat now?",
    "| name | value |\n| a    | 1     |\n\nok?",
    "주문이 안 됩니다.\n보낸 사람: 김철수\n받는 사람: 이영희\n주소: 서울시\n\n확인 부탁드립니다.",
    "I need:\n-- a lamp\n-- a chair\n\nToday!",
    "Sent from my desk, which is easier than typing on anything small and round.",
]


@pytest.mark.parametrize("marked", ["> ", ""], ids=["quoted", "unmarked"])
@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_history_below_the_line_that_introduces_it_is_not_new(introduction: str, marked: str) -> None:
    history = "\n".join(f"{marked}{line}" for line in ("Hello there,", "is it fixed?"))
    assert new_text(f"{NEW}\n\n{introduction}\n\n{history}\n") == NEW


@pytest.mark.parametrize("above", ["", "________________________________\n", "-----Original Message-----\n"])
@pytest.mark.parametrize("block", PASTED_HEADERS)
def test_history_below_a_pasted_header_is_not_new(block: str, above: str) -> None:
    pasted = block.replace("|", "\n")
    assert new_text(f"{NEW}\n\n{above}{pasted}\n\nHello there,\nis it fixed?") == NEW


@pytest.mark.parametrize("line", APP_LINES)
def test_a_line_that_a_phone_adds_is_not_new(line: str) -> None:
    assert new_text(f"{NEW}\n\n{line}\n") == NEW


@pytest.mark.parametrize("text", WRITTEN_BY_PEOPLE)
def test_what_only_looks_like_history_stays(text: str) -> None:
    assert new_text(text) == text


def test_answers_between_quoted_lines_stay_with_what_they_answer() -> None:
    new = new_text(
        "On Mon, 3 Feb 2025, Help wrote:\n> Plugged in?\n\nYes.\n\n> Which colour?\n\nBlue.\n\n> Regards\n> Help\n"
    )
    assert new.index("Plugged in?") < new.index("Yes.") < new.index("Which colour?") < new.index("Blue.")
    assert "Regards" not in new


def test_an_answer_below_one_quote_is_shown_without_the_quote() -> None:
    assert new_text("On Mon, 3 Feb 2025, Help wrote:\n> Plugged in?\n> Really?\n\nYes, it is.\n") == "Yes, it is."


def test_a_signature_below_its_mark_is_not_new() -> None:
    assert new_text("It works.\n\n-- \nMina Park\nShop Ltd\n+82 2 123 4567\n") == "It works."


@pytest.mark.parametrize("formula", ["Mit freundlichen Grüßen", "Med venlig hilsen", "Pozdrawiam,", "Cordialement,"])
def test_a_closing_formula_and_the_name_below_it_are_not_new(formula: str) -> None:
    assert new_text(f"It works.\n\n{formula}\nMina Park\n") == "It works."


def test_a_forward_without_comment_is_kept_whole() -> None:
    text = "---------- Forwarded message ---------\nFrom: Kim <kim@shop.example>\nDate: 3 Feb 2025\nSubject: Lamp\n\nIt is broken."
    assert "It is broken." in new_text(text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Fwd: Lamp",
            "Take this.\n\n---------- Forwarded message ---------\nFrom: Kim Yuna <kim@shop.example>\nDate: 3 Feb 2025\nSubject: Lamp\n\nBroken.",
        ),
        (
            "WG: Lampe",
            "Bitte.\n\nVon: Kim Yuna <kim@shop.example>\nGesendet: Montag, 3. Februar 2025 16:15\nAn: Chef\nBetreff: Lampe\n\nKaputt.",
        ),
        (
            "FW: 램프",
            "확인 바랍니다.\n\n보낸 사람: Kim Yuna <kim@shop.example>\n보낸 날짜: 2025년 2월 3일 16:15\n받는 사람: 팀장\n제목: 램프\n\n고장",
        ),
    ],
)
def test_the_author_of_a_forwarded_mail_is_found(subject: str, text: str) -> None:
    author = forwarded_author(subject, text)
    assert author is not None
    assert (author.name, author.address) == ("Kim Yuna", "kim@shop.example")


def test_an_ordinary_reply_has_no_forwarded_author() -> None:
    assert (
        forwarded_author("Re: Lamp", "Ok.\n\nFrom: Kim <kim@shop.example>\nSent: 3 Feb 2025 16:15\nSubject: Lamp\n\nx")
        is None
    )


def test_a_line_longer_than_any_program_writes_is_kept_whole() -> None:
    line = "lamp " * 2_000
    assert new_text(f"{line}\n\nOn Mon, 3 Feb 2025, Help wrote:\n> x") == line.strip()
