"""Who may do what at the desk, and what another site or a visitor may not."""

import datetime as dt
import re
import ssl

import httpx
import pytest
from desks import RunningDesk

from flows.desk.accounts import AccountError, Accounts
from flows.desk.rates import Rate
from flows.desk.server import Address, NotServedError, listen
from flows.desk.sessions import IDLE_SECONDS, LINK_SECONDS, MAX_SECONDS, Sessions

NOW = dt.datetime(2022, 4, 10, tzinfo=dt.UTC)
PASSWORD = "mười hai con giáp"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    home = tmp_path_factory.mktemp("desk") / "home"
    home.mkdir()
    accounts = Accounts(home / "desk")
    accounts.add("canbo1", PASSWORD, "officer", NOW)
    accounts.add("xem", PASSWORD, "reader", NOW)
    desk = RunningDesk(home)
    yield desk
    desk.stop()


@pytest.fixture
def visitor(desk):
    """A browser that has not entered."""
    with httpx.Client(base_url=desk.address, timeout=60) as client:
        yield client


def signed_in(desk, name):
    client = httpx.Client(base_url=desk.address, follow_redirects=True, timeout=60)
    answer = client.post("/vao", data={"ten": name, "mat_khau": PASSWORD, "tiep": "/"})
    assert answer.status_code == 200, answer.text
    return client


def test_one_time_link_opens_the_desk_once(desk, visitor):
    assert desk.enter().get("/").status_code == 200
    assert visitor.get(desk.link).status_code == 403


def test_every_page_leads_a_visitor_to_the_sign_in(visitor):
    for path in ("/", "/tep", "/tong-hop", "/tep/0123456789abcdef/dong"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/vao")
    assert visitor.post("/tep/moi", params={"ten": "a"}, content=b"x").status_code == 401


def test_officer_enters_by_password_and_leaves(desk):
    client = signed_in(desk, "canbo1")
    key = desk.form_key(client)
    assert client.post("/ra", data={"form_key": key}).url.path == "/vao"
    assert client.get("/").url.path == "/vao"


def test_closed_account_and_one_with_a_new_password_lose_their_sessions(desk):
    accounts = Accounts(desk.home / "desk")
    for name, change in (
        ("nghi", lambda: accounts.close("nghi", NOW)),
        ("doi", lambda: accounts.add("doi", PASSWORD + "!", "officer", NOW + dt.timedelta(1))),
    ):
        accounts.add(name, PASSWORD, "officer", NOW)
        client = signed_in(desk, name)
        assert client.get("/").url.path == "/"
        change()
        assert client.get("/").url.path == "/vao"


def test_wrong_password_and_unknown_name_get_the_same_answer(desk, visitor):
    answers = [
        visitor.post("/vao", data={"ten": name, "mat_khau": "sai mật khẩu"}).text
        for name in ("canbo1", "không có")
    ]
    assert answers[0] == answers[1]
    assert "không đúng" in answers[0]


def test_reader_sees_pages_but_changes_nothing(desk):
    client = signed_in(desk, "xem")
    key = desk.form_key(client)
    assert "Kéo tệp" not in client.get("/").text
    assert client.post("/tong-hop", data={"form_key": key}).status_code == 403
    headers = {"x-form-key": key}
    brought = client.post("/tep/moi", params={"ten": "a"}, content=b"x", headers=headers)
    assert brought.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_request_from_another_site_changes_nothing(desk, headers):
    client = signed_in(desk, "canbo1")
    data = {"form_key": desk.form_key(client)}
    assert client.post("/tong-hop", data=data, headers=headers).status_code == 403


def test_form_without_the_key_of_its_session_is_refused(desk):
    client, other = signed_in(desk, "canbo1"), signed_in(desk, "canbo1")
    for key in ("", "x", desk.form_key(other)):
        assert client.post("/tong-hop", data={"form_key": key}).status_code == 403
        brought = client.post(
            "/tep/moi", params={"ten": "a"}, content=b"x", headers={"x-form-key": key}
        )
        assert brought.status_code == 403


def test_other_host_name_is_refused(visitor):
    assert visitor.get("/vao", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_address_that_stands_for_all_is_refused_with_advice(host):
    with pytest.raises(NotServedError, match=r"192\.168"):
        listen(Address(host))


def test_other_machines_reach_the_desk_over_tls_alone(tmp_path):
    desk = RunningDesk(tmp_path / "home", "--host", "127.0.0.2")  # which counts as the network's
    try:
        assert desk.address.startswith("https://127.0.0.2:")
        trusting = ssl.create_default_context(cafile=str(desk.home / "desk" / "certificate.pem"))
        with httpx.Client(verify=trusting, timeout=60) as client:
            entered = client.get(desk.link)
        assert entered.status_code == 303 and "Secure" in entered.headers["set-cookie"]
        assert "max-age" in entered.headers["strict-transport-security"]
        with pytest.raises(httpx.HTTPError):
            httpx.get(desk.link)  # who does not know its certificate
        with pytest.raises(httpx.HTTPError):
            httpx.get(desk.link.replace("https", "http"))
    finally:
        desk.stop()


def test_sign_in_leads_to_no_other_site(desk):
    client = httpx.Client(base_url=desk.address, timeout=60)
    for wanted in ("//evil.example", "https://evil.example", "/\\evil.example"):
        data = {"ten": "canbo1", "mat_khau": PASSWORD, "tiep": wanted}
        assert client.post("/vao", data=data).headers["location"] == "/"


def test_pages_allow_no_script_but_their_own(visitor):
    page = visitor.get("/vao")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|\sstyle=", page.text)
    assert page.headers["x-content-type-options"] == "nosniff"
    cookie = signed_in_cookie(visitor)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def signed_in_cookie(client):
    answer = client.post("/vao", data={"ten": "canbo1", "mat_khau": PASSWORD})
    return answer.headers["set-cookie"]


def test_static_files_lead_nowhere_else(visitor):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert visitor.get(path).status_code == 404


def test_passwords_tried_too_often_are_refused_for_a_while(desk):
    client = httpx.Client(base_url=desk.address, timeout=60)
    data = {"ten": "dò mật khẩu", "mat_khau": "sai"}
    codes = [client.post("/vao", data=data).status_code for _ in range(10)]
    assert codes[0] == 403
    assert codes[-1] == 429


def test_rate_counts_each_key_by_itself_and_begins_again():
    now = [0.0]
    rate = Rate(2, 10, lambda: now[0])
    assert [rate.take("a"), rate.take("a"), rate.take("a"), rate.take("b")] == [
        True,
        True,
        False,
        True,
    ]
    now[0] = 11
    assert rate.take("a")


def test_session_ends_when_unused_or_a_day_old():
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    account = Accounts.__new__(Accounts)  # only carried along
    cookie = sessions.begin(account)
    now[0] = IDLE_SECONDS - 1
    assert sessions.of(cookie)
    now[0] += IDLE_SECONDS + 1
    assert sessions.of(cookie) is None
    cookie = sessions.begin(account)
    for _ in range(int(MAX_SECONDS / 3600) + 1):
        sessions.of(cookie)
        now[0] += 3600
    assert sessions.of(cookie) is None


def test_unused_link_ends_after_an_hour():
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    token = sessions.one_time_link(Accounts.__new__(Accounts))
    now[0] = LINK_SECONDS + 1
    assert sessions.redeem(token) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [("a b", PASSWORD), ("canbo", "ngắn"), ("mot-hai-ba-bon", "Mot-Hai-Ba-Bon")],
)
def test_unsafe_account_is_refused_with_advice(tmp_path, name, password):
    with pytest.raises(AccountError):
        Accounts(tmp_path).add(name, password, "officer", NOW)


def test_closed_account_cannot_enter(tmp_path):
    accounts = Accounts(tmp_path)
    accounts.add("canbo", PASSWORD, "officer", NOW)
    assert accounts.signed_in("canbo", PASSWORD)
    accounts.close("canbo", NOW)
    assert accounts.signed_in("canbo", PASSWORD) is None
    assert PASSWORD not in (tmp_path / "accounts.jsonl").read_text()
