"""What several people write about one thing that broke, in three languages; each subject and text."""

from typing import Final

OUTAGE: Final = {
    "en": (
        ("VPN down", "I cannot connect to the VPN since this morning."),
        ("Help with VPN please", "I work from home today and the VPN does not connect."),
        ("Can't get on the VPN", "Since 9am no luck connecting. Colleagues have the same problem."),
        ("vpn not working", "It drops at once after I log in."),
    ),
    "ko": (
        ("결제가 안됩니다", "주문하려는데 결제창에서 오류가 나요."),
        ("결제 오류", "카드 결제 누르면 결제창이 하얗게 멈춥니다."),
        ("결제창 오류 문의", "결제창이 뜨지 않고 오류 메시지만 나옵니다."),
        ("주문 결제 실패", "방금부터 결제창에서 계속 실패합니다."),
    ),
    "ja": (
        ("VPNに接続できません", "今朝からVPNに接続できません。"),
        ("VPN接続エラー", "在宅勤務中ですが、VPNの接続がすぐ切れます。"),
        ("VPNがつながらない", "VPNにつなごうとするとエラーになります。"),
        ("VPN障害でしょうか", "朝からVPNが接続できない状態です。"),
    ),
}
