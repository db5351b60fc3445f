"""Officers' pages: search, check, join, assign, set tiers, close."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import event, func, insert, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, DoubleVerdict, Episode, PossibleDouble, Registration, RegistrationState
from tests.pages import LintingClient
from tests.register.conftest import As, ClientAs, answers, words
from tests.village import Village

# The list


def test_the_register_lists_open_episodes_by_name(officer: LintingClient) -> None:
    page = words(officer.get("/register"))
    places = [page.index(name) for name in ("Byrne, Ada", "Carter, Ben", "Dunn, Cleo", "Fraser, Esi", "Jones, Ivo")]
    assert places == sorted(places)
    assert "Ito, Hana" not in page  # closed
    assert "Young, Zoe" not in page  # of another authority


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("state=closed", "Ito, Hana", "Byrne, Ada"),
        ("state=all", "Ito, Hana", "Young, Zoe"),
        ("tier=close", "Fraser, Esi", "Byrne, Ada"),
        ("adviser=team", "Jones, Ivo", "Byrne, Ada"),
        ("state=waiting", "Nobody fits these filters", "Byrne, Ada"),
        ("tier=nonsense&adviser=x&state=y&after=z&before=q&search=nonsense", "Register", "Young, Zoe"),
    ],
)
def test_the_list_is_filtered(officer: LintingClient, query: str, there: str, not_there: str) -> None:
    page = officer.get(f"/register?{query}")
    assert page.status_code == 200
    assert there in words(page)
    assert not_there not in words(page)


def test_an_advisers_own_children(officer: LintingClient, village: Village) -> None:
    page = words(officer.get(f"/register?adviser={village.adviser.reference}"))
    assert "Byrne, Ada" in page
    assert "Jones, Ivo" not in page


@pytest.fixture
def searched(officer: LintingClient, village: Village, work: Work) -> Callable[[str], str]:
    """Types into the search box, and gives the words of the page it leads to."""
    ada = work.session.get_one(Child, village["Ada"].id)
    ada.upn, ada.nhs_number, ada.legal_forename, ada.legal_surname = "B801200005001", "9434765919", "Zoë", "O’Byrne"
    ada.sort_name = service.sort_name(ada.legal_forename, ada.legal_surname)
    work.session.flush()

    def search(typed: str) -> str:
        led = officer.submit("/register", {"find-words": typed}, button="Search")
        assert led.status_code == 302, words(led)
        assert len(typed) < 3 or typed.lower() not in led.location.lower()  # no name stands in an address
        return words(officer.get(led.location))

    return search


@pytest.mark.parametrize(
    "typed",
    ["o'byrne", "OBY", "zoe", "zo obyrne", "B801200005001", "943 476 5919", "4 May 2015", "04/05/2015", "W-Ada"],
)
def test_a_child_is_found(searched: Callable[[str], str], typed: str) -> None:
    page = searched(typed)
    assert "O’Byrne, Zoë" in page
    assert "Fraser, Esi" not in page


def test_more_ways_to_be_found_or_not(searched: Callable[[str], str], village: Village) -> None:
    assert "O’Byrne, Zoë" in searched(village["Ada"].reference.lower())
    assert "Dunn, Cleo" in searched("bh16 6aa")
    assert "Ito, Hana" in searched("hana")  # closed, and found all the same
    for typed in ("yrne", "Young", "A801200005001", "%", "_", "\\", "LS1 4AP"):
        assert "Nobody was found" in searched(typed), typed


def test_an_empty_search_says_what_to_enter(officer: LintingClient) -> None:
    shown = officer.submit("/register", {"find-words": "  "}, button="Search")
    assert shown.status_code == 200
    assert "Enter a name, reference, number, date of birth or postcode" in words(shown)


def crowd(work: Work, village: Village, how_many: int) -> None:
    """Many children more, all alike but for their names."""
    child_rows = [
        {"reference": new_reference(), "version": 1, "authority_id": village.authority.id, "legal_forename": "Kit",
         "legal_surname": f"Lee{number:04}", "sort_name": f"lee{number:04}  kit", "date_of_birth": date(2015, 1, 1),
         "sex": "U", "sen_status": "unknown", "protected": False, "language": "en", "age_starts": date(2020, 3, 31),
         "age_ends": date(2031, 6, 27), "created_at": work.at}
        for number in range(how_many)
    ]  # fmt: skip
    ids = list(work.session.scalars(insert(Child).returning(Child.id, sort_by_parameter_order=True), child_rows))
    like = work.session.scalars(select(Episode).where(Episode.child_id == village["Ben"].id)).one()
    work.session.execute(
        insert(Episode),
        [
            {"reference": new_reference(), "version": 1, "authority_id": village.authority.id, "child_id": id_,
             "opened_on": like.opened_on, "arrangement": like.arrangement, "primary_reason": like.primary_reason,
             "previous_school_type": like.previous_school_type, "tier": like.tier, "social_care": like.social_care,
             "adviser_id": like.adviser_id, "accepted_at": work.at, "opened_under_id": like.opened_under_id}
            for id_ in ids
        ],
    )  # fmt: skip


def test_the_list_is_turned_page_by_page_and_back(officer: LintingClient, work: Work, village: Village) -> None:
    crowd(work, village, 250)

    def turn(page: str, which: str) -> str:
        found = re.search(rf'<div class="govuk-pagination__{which}">\s*<a[^>]*href="([^"]+)"', page)
        assert found is not None, which
        return officer.get(found[1].replace("&amp;", "&")).get_data(as_text=True)

    first = officer.get("/register?tier=annual").get_data(as_text=True)
    assert "govuk-pagination__prev" not in first
    second = turn(first, "next")
    third = turn(second, "next")
    names = [name for page in (first, second, third) for name in re.findall(r">(\w+), \w+</a>", page)]
    assert len(names) == len(set(names)) == 256
    assert names == sorted(names)
    assert "govuk-pagination__next" not in third
    assert re.findall(r">(\w+), \w+</a>", turn(third, "prev")) == re.findall(r">(\w+), \w+</a>", second)
    again = turn(turn(third, "prev"), "prev")
    assert re.findall(r">(\w+), \w+</a>", again) == re.findall(r">(\w+), \w+</a>", first)
    assert "tier=annual" in third


def test_the_list_asks_few_questions_however_long_it_is(officer: LintingClient, work: Work, village: Village) -> None:
    asked: list[str] = []
    engine = work.session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    officer.get("/register")
    few = len(asked)
    crowd(work, village, 150)
    asked.clear()
    officer.get("/register")
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == few <= 8


# Registrations


@pytest.fixture
def twice(as_account: As, parent: Account, village: Village) -> Registration:
    """Ada, registered by someone else."""
    ada = village["Ada"]
    told = answers(legal_forename="Ada", legal_surname="Byrne", date_of_birth=ada.date_of_birth)
    return service.submit_registration(as_account(parent), told)


def test_a_registration_without_doubles_is_accepted(
    officer: LintingClient, as_account: As, parent: Account, village: Village, work: Work
) -> None:
    registration = service.submit_registration(as_account(parent), answers())
    listed = words(officer.get("/registrations"))
    assert "Kit Lowe" in listed
    assert "19 March 2026, in 7 days" in listed
    url = f"/registrations/{registration.reference}"
    page = words(officer.get(url))
    for said in (
        "What the parent told us",
        "7 Quay Street, Poole, BH15 1HJ",
        "mel@home.example",
        "No record looks like",
    ):
        assert said in page
    chosen = {"accept-adviser": village.adviser.reference}
    assert "Select that you are satisfied" in words(officer.submit(url, chosen, button="Accept registration"))
    done = officer.submit(url, {**chosen, "accept-satisfied": "yes"}, button="Accept registration")
    assert done.location == f"/children/{registration.child.reference}"
    assert officer.get(done.location).status_code == 200
    found = queries.registration_to_check(work, registration.reference)
    assert found is not None
    assert found.state is RegistrationState.ACCEPTED
    assert "Accepted 12 March 2026" in words(officer.get(url))
    assert "No registration waits" in words(officer.get("/registrations"))


def test_doubles_stand_side_by_side_and_are_decided_first(
    officer: LintingClient, twice: Registration, village: Village, work: Work
) -> None:
    url = f"/registrations/{twice.reference}"
    page = words(officer.get(url))
    assert f"Possible double 1: record {village['Ada'].reference}" in page
    assert "Date of birth 4 May 2015 4 May 2015 Same" in page
    assert re.search(r"Postcode BH15 1HJ BH16 6AA Different", page)
    accept = {"accept-adviser": village.adviser.reference, "accept-satisfied": "yes"}
    refused = officer.submit(url, accept, button="Accept registration")
    assert refused.status_code == 200
    assert "Choose for each possible double whether it is the same child" in words(refused)
    done = officer.submit(url, button=f"Different child from {village['Ada'].reference}")
    assert done.location == url
    assert "No record looks like this child" in words(officer.get(url))
    assert work.session.scalars(select(PossibleDouble.verdict)).all() == [DoubleVerdict.DIFFERENT]
    assert officer.submit(url, accept, button="Accept registration").status_code == 302


def test_a_registration_is_joined_to_a_record(
    officer: LintingClient, twice: Registration, village: Village, work: Work
) -> None:
    ada = village["Ada"].reference
    url = f"/registrations/{twice.reference}/join/{ada}"
    page = words(officer.get(url))
    assert "Do this only if you are sure" in page
    assert "The child now lives at the address that the parent gave" in page
    assert "Select an adviser" not in page  # she has one
    assert "Select that you are satisfied" in words(officer.submit(url))
    done = officer.submit(url, {"satisfied": "yes", "take_address": "yes"})
    assert done.location == f"/children/{ada}"
    duplicate = queries.visible_child(work, twice.child.reference)
    assert duplicate is not None
    assert duplicate.episodes[0].destination is Destination.DUPLICATE
    checked = words(officer.get(f"/registrations/{twice.reference}"))
    assert "the child was known already" in checked
    assert "checked already" in words(officer.post(url, data={"satisfied": "yes", "version": "2"} | token(officer)))


def test_a_protected_address_is_not_laid_beside_another(
    officer: LintingClient, twice: Registration, village: Village, work: Work
) -> None:
    ada = work.session.get_one(Child, village["Ada"].id)
    ada.protected = True
    work.session.flush()
    page = words(officer.get(f"/registrations/{twice.reference}/join/{ada.reference}"))
    assert "Postcode BH15 1HJ Protected Not shown" in page
    assert "Mill Lane" not in page
    assert "Joining lets this parent see it" in page


def token(client: LintingClient) -> dict[str, str]:
    """The protection that every form carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/register").get_data(as_text=True))
    assert found is not None
    return {"csrf_token": found[1]}


def test_any_record_can_be_compared(officer: LintingClient, as_account: As, parent: Account, village: Village) -> None:
    registration = service.submit_registration(as_account(parent), answers())
    url = f"/registrations/{registration.reference}"
    hana = village["Hana"].reference
    led = officer.submit(url, {"look-up-other": f" {hana.lower()} "}, button="Compare")
    assert led.location == f"{url}/join/{hana}"
    assert "Select an adviser" in words(officer.submit(led.location, {"satisfied": "yes"}))  # Hana has nobody now
    for typed, said in (("", "Enter the reference"), ("XXXX", "Enter the reference of another child"),
                        (village["Zoe"].reference, "Enter the reference of another child")):  # fmt: skip
        shown = officer.submit(url, {"look-up-other": typed}, button="Compare")
        assert shown.status_code == 200
        assert said in words(shown)


# Doubles from files


def test_doubles_from_files_are_decided_on_pages_of_their_own(
    officer: LintingClient, work: Work, village: Village
) -> None:
    assert "Nothing to decide" in words(officer.get("/doubles"))
    ben, cleo, esi = (work.session.get_one(Child, village[name].id) for name in ("Ben", "Cleo", "Esi"))
    for other in (ben, cleo):
        work.session.add(
            PossibleDouble(
                authority_id=esi.authority_id, child_id=esi.id, other_child_id=other.id, score=80, found_on=work.today
            )
        )
    work.session.flush()
    assert "Esi Fraser 20 November 2016 2 other records" in words(officer.get("/doubles"))
    url = f"/doubles/{esi.reference}"
    assert "Date of birth 20 November 2016 7 July 2014 Different" in words(officer.get(url))
    assert officer.submit(url, button=f"Different child from {ben.reference}").location == url
    same = f"{url}/same/{cleo.reference}"
    assert "Do this only if you are sure" in words(officer.get(same))
    assert officer.submit(same).location == f"/children/{cleo.reference}"
    assert "There is nothing left to decide" in words(officer.get(url))
    assert "choose a record that has not" in words(officer.submit(same)).lower()


# One child's episode


def test_a_manager_names_an_adviser(client_as: ClientAs, village: Village, work: Work) -> None:
    manager = client_as(village.staff[Role.EHE_MANAGER])
    ivo = village["Ivo"]
    url = f"/children/{ivo.reference}/episode/assign"
    assert "With the team since" in words(manager.get(url))
    done = manager.submit(url, {"adviser": village.adviser.reference})
    assert done.location == f"/children/{ivo.reference}"
    episode = queries.open_episode(work, ivo.id)
    assert episode is not None
    assert episode.adviser_id == village.adviser.id
    assert f"Now with {village.adviser.name}" in words(manager.get(url))
    assert manager.submit(url, {"adviser": "team"}).status_code == 302
    assert "Select one of the answers" in words(manager.submit(url, {"adviser": village.cme_officer.reference}))


def test_two_managers_at_once_do_not_lose_a_change(client_as: ClientAs, village: Village, work: Work) -> None:
    manager = client_as(village.staff[Role.EHE_MANAGER])
    url = f"/children/{village['Ivo'].reference}/episode/assign"
    shown = manager.submit(url, {"adviser": village.adviser.reference, "version": "7"})
    assert shown.status_code == 200
    assert "was changed by someone else while you were reading it" in words(shown)
    assert manager.submit(url, {"adviser": village.adviser.reference, "version": "x"}).status_code == 200


def test_a_tier_is_set_no_looser_than_social_care_asks(officer: LintingClient, village: Village, work: Work) -> None:
    ada = village["Ada"]
    url = f"/children/{ada.reference}/episode/tier"
    refused = officer.submit(url, {"tier": "annual", "social_care": "cin"})
    assert "Select half-yearly, or close" in words(refused)
    assert officer.submit(url, {"tier": "half-yearly", "social_care": "cin"}).status_code == 302
    episode = queries.open_episode(work, ada.id)
    assert episode is not None
    assert (episode.tier, episode.social_care) == (Tier.HALF_YEARLY, SocialCare.CIN)


def test_an_episode_is_closed_with_its_proof(
    officer: LintingClient, client_as: ClientAs, village: Village, work: Work
) -> None:
    ada = village["Ada"]
    url = f"/children/{ada.reference}/episode/close"
    page = words(officer.get(url))
    assert "Recorded in error" not in page
    for typed, said in (
        ({}, "Select where the child went"),
        ({"destination": "school"}, "Enter the name of the school"),
        ({"destination": "school", "school": "Hillside"}, "Select that the school has confirmed"),
        ({"destination": "abroad"}, "Enter what shows that the child lives abroad"),
        ({"destination": "recorded-in-error", "recorded_in_error": "x"}, "Select one of the answers"),
        ({"destination": "over-age"}, "Select one of the answers"),
        (
            {"destination": "died", "died": "A letter", "closed_on-year": "2027"},
            "Enter a date that is today or earlier",
        ),
    ):
        shown = officer.submit(url, typed)
        assert shown.status_code == 200
        assert said in words(shown), typed
    done = officer.submit(url, {"destination": "school", "school": "Hillside", "on_roll": "yes"})
    assert done.location == f"/children/{ada.reference}"
    assert officer.get(url).status_code == 404  # there is no open episode any more
    assert queries.open_episode(work, ada.id) is None
    manager = client_as(village.staff[Role.EHE_MANAGER])
    ben = f"/children/{village['Ben'].reference}/episode/close"
    assert "Recorded in error" in words(manager.get(ben))
    typed = {"destination": "recorded-in-error", "recorded_in_error": "Another Ben"}
    assert manager.submit(ben, typed).status_code == 302


def test_nothing_that_is_typed_makes_a_fault(officer: LintingClient, work: Work) -> None:
    before = work.session.scalar(select(func.count(Child.id)))
    for url in ("/register?after=%F0%9F%91%8B", "/register?search=" + "A" * 5000, "/register?state[]=x&tier=%ff"):
        assert officer.get(url).status_code == 200
    assert work.session.scalar(select(func.count(Child.id))) == before
