"""What may be asked about signing in."""

from mypost.accounts.models import Account, SignIn


def last_sign_ins(account: Account, *, limit: int) -> list[SignIn]:
    """Return the latest tries to sign in to an account, the newest first, failures too."""
    return list(account.sign_ins.order_by("-at", "-id")[:limit])


def knows_browser(account: Account, browser_mark: str) -> bool:
    """Say whether somebody has signed in to the account with this browser within the year."""
    known = account.sign_ins.filter(succeeded=True, browser_mark=browser_mark)
    return bool(browser_mark) and known.exists()


def has_signed_in(account: Account) -> bool:
    """Say whether anybody has signed in to the account within the year."""
    return account.sign_ins.filter(succeeded=True).exists()


def account_of_address(email: str) -> Account | None:
    """Return the account that signs in with an address, also a second one of its own."""
    found = Account.objects.filter(emailaddress__email__iexact=email)
    return found.order_by("-emailaddress__verified", "id").first()
