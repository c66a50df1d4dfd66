"""Whose an address is by what stands behind its `@`: a company's, or a provider's whose customers are strangers to one another."""

from typing import Final

from helpdesk.kernel.text import normal_address

PUBLIC_DOMAINS: Final = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "aol.com"),
        *("icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "gmx.com", "web.de"),
        *("naver.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "qq.com", "163.com", "126.com", "mail.ru"),
        *("yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "yandex.ru", "yandex.com"),
        *("t-online.de", "freenet.de", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "virgilio.it"),
        *(
            "hotmail.co.uk",
            "yahoo.co.uk",
            "btinternet.com",
            "sky.com",
            "comcast.net",
            "verizon.net",
            "att.net",
            "ymail.com",
        ),
        *("fastmail.com", "hey.com", "tutanota.com", "tuta.com", "zoho.com", "mail.com", "sina.com", "foxmail.com"),
        *("yahoo.co.kr", "hanmir.com", "empas.com", "lycos.co.kr", "outlook.kr", "outlook.jp", "hotmail.co.jp"),
        *("i.softbank.jp", "rakuten.jp", "excite.co.jp", "nifty.com", "biglobe.ne.jp", "ocn.ne.jp", "so-net.ne.jp"),
    }
)
"""Domains where strangers to one another have their addresses: who shares one has nothing in common."""


def domain_of(address: str) -> str:
    """What stands behind the `@`, as domains are compared."""
    return normal_address(address).rpartition("@")[2]


def is_public(domain: str) -> bool:
    """Whether anybody can have an address of a domain."""
    return domain in PUBLIC_DOMAINS
