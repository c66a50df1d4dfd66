"""The words with which mail programs of many languages introduce quotes, forwards and signatures.

Gathered from the programs' own interfaces and from mail-parser-reply (MIT, RAUSYS) and email_reply_trimmer (MIT, Discourse).
A language is added by adding words, not code.
"""

# ruff: noqa: RUF001 -- words and signs of other scripts are meant as they stand

import re

WROTE = (
    "wrote", "writes", "has written", "a [eé]crit", "schrieb(?:en)?", "hat geschrieben", "schreef", "geschreven", "geschrieben", "napisana? przez [^:]{2,160}", "napisa(?:o|la)(?:/la)? je", "quoting", "napsal(?:[ (/]?-?a?\\)?)?",
    "nap[ií]sal(?:[ (/]?-?a?\\)?)?", "escribi[oó]", "va escriure", "escreveu", "ha scritto", "scrisse", "skrev", "skreiv", "skrifa[ðd]i", "kirjoitti", "kirjutas",
    "napisa[lł](?:[ (/]?-?a?\\)?)?", "pisze", "nades[lł]a[lł](?:\\(a\\))?", "написал(?:[ (/]?-?а?\\)?)?", "пишет", "писал(?:\\(а\\))?", "пише", "написав(?:\\(ла\\))?", "написала?", "έγραψε(?:[νς]?)?",
    "[ií]rta", "a scris", "yazd[ıi]", "写道", "寫道", "写到", "撰写", "さんは書きました", "さんが書きました", "のメール", "wrote", "書き込みました", "님이 작성(?:함|하였습니다|했습니다)?", "작성", "작성함", "쓴 글", "쓴 메시지", "님이 작성한 (?:메시지|메일|글)", "님이 쓴 글",
    "님이 쓴 메시지", "썼습니다", "님이 씀", "vi[eế]t", "đã viết", "menulis", "כתב(?:/ה|ה)?", "كتب(?:ت)?", "ra[sš][eė]", "raksta?[iī]ja", "je (?:napisa[ol]|napisala)(?:/la)?", "је написао(?:/ла)?", "je napisal(?:/a)?", "написа", "เขียนว่า", "เขียน", "ने लिखा", "skribis", "idatzi zuen",
)  # fmt: skip
"""Verbs of the line "On ... Somebody wrote:", as regular expressions."""

FROM = (
    "from", "von", "de", "van", "da", "fra", "från", "fr[åa]n", "od", "от", "від", "lähettäjä", "feladó", "από", "kimden", "gönderen", "expéditeur", "remetente", "mittente", "afzender",
    "отправитель", "差出人", "送信者", "发件人", "寄件者", "寄件人", "發件人", "보낸 ?사람", "보낸 ?이", "발신인?", "발신자", "de la", "expeditor", "šalje", "prima?", "avsender", "saatja", "nuo", "no", "kam", "odesílatel", "odosielateľ", "מאת", "من", "từ", "dari", "จาก", "pošiljatelj", "reply-to",
)  # fmt: skip
SENT = (
    "sent", "gesendet", "envoy[ée]", "envoy[ée] le", "enviado(?: el| em| a las)?", "enviada(?: em)?", "inviato", "verzonden", "sendt", "skickat", "wys[lł]ano", "odesl[áa]no", "odoslan[ée]", "отправлено", "надіслано", "lähetetty",
    "elküldve", "στάλθηκε", "gönderilme tarihi", "gönderildi", "送信日時", "送信日", "发送时间", "发送日期", "傳送時間", "寄件日期", "發送時間", "보낸 ?날짜", "보낸 ?시간", "보냄", "발송 ?일시", "trimis", "poslano", "saadetud", "išsiųsta", "nosūtīts", "נשלח", "تم الإرسال", "đã gửi", "dikirim", "ส่ง", "date sent",
)  # fmt: skip
DATE = (
    "date", "datum", "fecha", "data", "dato", "dat[ae]", "дата", "päiväys", "päivämäärä", "dátum", "ημερομηνία", "tarih", "日期", "日付", "日時", "날짜", "일시", "작성 ?일", "when", "kelt", "pvm", "תאריך", "التاريخ", "ngày", "tanggal", "วันที่", "received", "time",
)  # fmt: skip
TO = (
    "to", "an", "à", "a", "para", "aan", "til", "till", "do", "komu", "кому", "vastaanottaja", "címzett", "προς", "kime", "alıcı", "destinataire", "destinatario", "destinatário", "宛先", "收件人", "收件者", "받는 ?사람", "받는 ?이", "수신인?", "수신자", "către", "za", "prima", "kellele", "kam", "אל", "إلى", "đến", "kepada", "ถึง", "cc", "kopie?", "copie", "cópia", "copia", "kopia", "kopi", "копия", "копія", "抄送", "副本", "참조", "ccn?", "bcc", "dw", "kópia", "reply to", "antwort an",
)  # fmt: skip
SUBJECT = (
    "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "emne", "[äa]mne", "temat", "předmět", "predmet", "тема", "aihe", "tárgy", "θέμα", "konu", "件名", "主题", "主旨", "主題", "标题", "제목", "subiect", "teema", "tema", "temats", "נושא", "الموضوع", "chủ đề", "subjek", "หัวข้อ", "re", "sujet", "titre", "perihal",
)  # fmt: skip

ORIGINAL = (
    "original", "originele?", "oorspronkelijk", "urspr[uü]ngliche?", "ursprungligt?", "oprindelig", "opprinnelig", "origin[ae]le?", "d'origine", "messaggio", "mensaje", "mensagem", "alkuper[äa]inen", "oryginalna", "pierwotna", "p[uů]vodn[íi]", "p[oô]vodn[áa]", "исходное", "оригинальное", "пересылаемое", "вихідне", "eredeti", "αρχικό", "orijinal", "[oö]zg[uü]n",
    "forward", "forwarded", "weitergeleitet", "transf[ée]r[ée]", "reenviado", "reexpedid", "encaminhada?", "inoltrato", "doorgestuurd", "vidarebefordrat", "videresend", "videresen[dt]t", "v[äa]litetty", "przekazana", "p[řr]eposlan", "переслан", "továbbított", "iletilen", "προωθημένο",
    "元のメッセージ", "転送", "オリジナル", "原始邮件", "原邮件", "转发", "原始郵件", "轉寄", "轉發", "원본", "原件", "전달", "원문", "보낸 메일", "izvorna?", "mesaj original", "redirec", "in reply to", "ursprung",
)  # fmt: skip
"""Words inside "----- ... -----" that announce a quoted or forwarded mail."""

FORWARD_STARTS = (
    "begin forwarded message", "anfang der weitergeleiteten (?:e-?mail|nachricht)", "d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])", "inicio del mensaje re(?:enviado|expedid)", "in[íi]cio da mensagem (?:encaminhada|reencaminhada)", "inizio messaggio inoltrato",
    "begin doorgestuurd bericht", "vidarebefordrat brev", "startar vidarebefordrat", "start (?:på )?videresendt", "videresendt (?:besked|melding)", "v[äa]litetty viesti alkaa", "pocz[ąa]tek przekazywanej wiadomo[śs]ci", "za[čc][áa]tek p[řr]epos[íi]lan[ée]", "начало переадресованного", "転送されたメッセージ", "以下は転送",
    "전달된 메시지", "以下是转发的邮件", "下面是被转发的邮件", "開始轉寄",
)  # fmt: skip

SENT_FROM = (
    r"sent (?:from|via|with|by|on) ", r"get (?:outlook|yahoo|spark|the) ", r"from my (?:i?phone|ipad|mobile|android|cell)", r"envoy[ée] (?:depuis|de|avec|[àa] partir d|via)", r"t[ée]l[ée]charge[rz] outlook", r"obt(?:enir|enez) outlook",
    r"(?:von|mit) meine[mr] .{2,40} (?:gesendet|geschickt|gesandt)", r"gesendet (?:von|mit|[üu]ber|aus)", r"(?:diese|this) (?:nachricht|message|e-?mail) (?:wurde|was|is) (?:von|mit|sent (?:from|with|using|via))", r"(?:holen|laden) sie (?:sich )?outlook", r"outlook f[üu]r (?:ios|android) (?:herunterladen|beziehen|abrufen)",
    r"enviado (?:desde|do|de|con|com|a partir)", r"enviada? (?:do|desde|a partir)", r"obt(?:e|é)n(?:er|ga)? outlook", r"obter o? ?outlook", r"inviato (?:da|dal|con|tramite)", r"scarica outlook", r"ottieni outlook", r"verzonden (?:vanaf|met|via|door|vanuit)", r"verstuurd (?:vanaf|met|via)", r"outlook voor (?:ios|android) downloaden",
    r"sendt (?:fra|med|via)", r"hent outlook", r"f[åa] outlook", r"skickat (?:fr[åa]n|med|via)", r"skaffa outlook", r"h[äa]mta outlook", r"l[äa]hetetty (?:\w+ )?(?:\w+st[äa]|iphone|androi)", r"wys[łl]an[eoay] (?:z|przy|za)", r"pobierz outlook", r"odesl[áa]no z", r"odoslan[ée] z",
    r"отправлено (?:с|из)", r"надіслано (?:з|із)", r"послано с", r"trimis de pe", r"elk[üu]ldve", r"az iphone", r"iphone'?umdan", r"στάλθηκε από", r"poslano (?:z|s)", r"dikirim dari", r"được gửi từ", r"gửi từ",
    r"iphoneから送信", r".{0,20}(?:iphone|ipad|android|スマートフォン|携帯|galaxy|xperia|outlook|yahoo!?メール).{0,20}(?:から|で)送信", r"outlook for (?:ios|android) を(?:入手|取得|ダウンロード)", r"[从從自].{0,6}(?:我的)?.{0,24}(?:发送|發送|傳送|发自|寄出)", r"发自我的", r"發自我的", r"来自我的", r"获取\s?outlook", r"取得\s?outlook",
    r"(?:나의|내|제)?\s?.{0,24}(?:에서|으로|로)\s?(?:보냄|보낸|발송|전송|보냈습니다|보내드립니다|작성)", r"(?:ios|android)용 outlook", r".{0,20}앱에서 보낸", r"נשלח מ", r"أرسلت من", r"تم الإرسال من", r"ส่งจาก", r"enviat des", r"bidali",
)  # fmt: skip
"""Beginnings of lines that phones and apps add below every mail."""

DEVICES = re.compile(
    r"i-?phone|i-?pad|i-?pod|android|mobil|phone|\bcell|smart|samsung|galaxy|\bhtc\b|nokia|sony|xperia|blackberry|windows|\bpc\b|\bmac\b|macbook|"
    r"tablet|pixel|huawei|xiaomi|redmi|oneplus|\blg\b|motorola|\bmoto\b|\bti-\d|alcatel|verizon|at&t|t-mobile|sprint|lumia|\bwatch\b|kindle|"
    r"chromebook|handy|outlook|yahoo|mail|gmail|proton|spark|airmail|boxer|nine|aqua|k-9|bluemail|thunderbird|zoho|tutanota|hey\b|"
    r"laptop|computer|surface|palm|treo|wireless|telefon|téléphone|teléfono|celular|cellulare|telefoon|puhelin|телефон|"
    r"네이버|다음|카카오|아이폰|갤럭시|휴대폰|핸드폰|모바일|스마트폰|手机|手機|携帯|スマホ|スマートフォン",
    re.IGNORECASE,
)

SIGN_OFFS = (
    r"mit (?:freundlichen|besten|lieben|herzlichen|vielen) gr[üu](?:ß|ss)en", r"(?:viele|liebe|beste|freundliche|herzliche|sch[öo]ne) gr[üu](?:ß|ss)e", r"beste[nr]? gru(?:ß|ss)", r"mfg", r"hochachtungsvoll",
    r"med venlig hilsen", r"(?:de )?(?:bedste|venlige?|mange|k[æa]rlig|vennlig)e? hilsen?(?:er)?", r"hilsen", r"mvh", r"dbh", r"vh", r"kh", r"knus", r"med vennlig hilsen",
    r"(?:med )?(?:v[äa]nliga?|b[äa]sta|m[åa]nga|glada) h[äa]lsning(?:ar)?", r"h[äa]lsningar", r"yst[äa]v[äa]llisin terveisin", r"terveisin",
    r"pozdrawiam(?: serdecznie)?", r"z powa[żz]aniem", r"z wyrazami szacunku", r"s pozdravem", r"s [úu]ctou", r"s pozdravom", r"s p[řr][áa]n[íi]m (?:hezk[ée]ho|p[ěe]kn[ée]ho) dne",
    r"met vriendelijke groet(?:en)?", r"(?:hartelijke|vriendelijke|beste) groet(?:en)?", r"mvg", r"groet(?:jes|en)?",
    r"(?:bien )?cordialement", r"(?:sinc[èe]res|meilleures|cordiales) salutations", r"bien [àa] (?:vous|toi)", r"bonne journ[ée]e", r"bonne r[ée]ception",
    r"(?:cordiali|distinti|cari|migliori) saluti", r"cordialmente", r"(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?", r"atentamente", r"(?:atenciosamente|cumprimentos|com os melhores cumprimentos|abra[çc]os?|att)",
    r"с уважением", r"з повагою", r"üdvözlettel", r"tisztelettel", r"cu stim[ăa]", r"sayg[ıi]lar[ıi]m[ıi]?zla", r"με εκτίμηση", r"此致敬礼", r"顺颂商祺",
)  # fmt: skip
"""Closing formulas that begin a signature. English ones are left alone: they are part of how people write there."""

ABOVE = re.compile(
    r"(?:reply|respond|type|write|answer).{0,40}\babove\b.{0,20}\bline\b|above this line|oberhalb dieser (?:zeile|linie)|au-dessus de cette ligne|"
    r"por encima de esta l[íi]nea|acima desta linha|sopra questa (?:riga|linea)|boven deze (?:lijn|regel)|이 ?(?:줄|선) ?위에|この(?:行|線)より上|"
    r"powy[żz]ej tej linii|выше этой (?:строки|линии)|请在此行以上|ovanför den(?:na|här) (?:rad|linje)",
    re.IGNORECASE,
)
