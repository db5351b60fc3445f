"""The code lists hold exactly the codes of the file formats, each with words of its own."""

import copy
import json

import pytest

from ehe_portal.core import codes


@pytest.mark.parametrize(
    ("listed", "values"),
    [
        (codes.Tier, "annual half-yearly close"),
        (codes.SocialCare, "none past cin cp lac unknown"),
        (codes.Arrangement, "ehe flexi eotas section-19 college-14-16"),
        (codes.ContactKind, "home-visit meeting phone-call video-call written-report letter email"),
        (
            codes.ContactOutcome,
            "held received no-answer no-access cancelled-by-family cancelled-by-authority sent",
        ),
        (codes.ChildSeen, "yes no declined"),
        (codes.Sex, "F M U"),
        (codes.SenStatus, "none support ehcp unknown"),
        (
            codes.PrimaryReason,
            (
                "mental-health physical-health covid-19-concerns dissatisfaction-general dissatisfaction-send "
                "dissatisfaction-bullying lifestyle philosophical-or-preferential religious risk-of-exclusion "
                "permanent-exclusion not-preferred-school difficulty-accessing-place offered-place-not-accepted "
                "did-not-apply school-suggestion other no-reason-given unknown"
            ),
        ),
        (
            codes.PreviousSchoolType,
            (
                "early-years none la-maintained academy free-school independent special alternative-provision pru "
                "ehe-elsewhere elsewhere-or-unknown"
            ),
        ),
        (
            codes.Destination,
            "school other-authority over-age abroad died cme-enquiry other-arranged duplicate recorded-in-error",
        ),
        (codes.Responsibility, "yes no unknown"),
    ],
)
def test_codes_are_those_of_the_files(listed: type[codes.Code], values: str) -> None:
    assert [code.value for code in listed] == values.split()
    assert len({code.label for code in listed}) == len(listed), "two codes would look alike on a page"
    assert all(code.label[0].isupper() and not code.label.endswith(".") for code in listed)


def test_a_code_is_its_value_and_survives_a_round_trip() -> None:
    assert codes.Tier("half-yearly") is codes.Tier.HALF_YEARLY
    assert f"{codes.Tier.HALF_YEARLY}" == "half-yearly"
    assert json.dumps({"tier": codes.Tier.CLOSE}) == '{"tier": "close"}'
    assert copy.deepcopy(codes.Tier.CLOSE) is codes.Tier.CLOSE
    with pytest.raises(ValueError, match="weekly"):
        codes.Tier("weekly")


def test_a_family_that_chose_another_way_is_not_blamed() -> None:
    assert codes.ChildSeen.DECLINED.label == "Not seen: parent chose another way"
