"""Reading the environment: what is set counts, what is wrong refuses to start and says which."""

from pathlib import Path

import pytest

from mypost.common.env import Environment, WrongSetting


def test_a_text_is_what_is_set_or_else_the_default() -> None:
    env = Environment({"SET": "here", "EMPTY": ""})
    assert env.text("SET") == env.text("SET", "there") == "here"
    assert env.text("EMPTY", "there") == ""  # set, to nothing
    assert env.text("UNSET", "there") == "there"
    assert env.text("UNSET", "") == ""
    with pytest.raises(WrongSetting, match="UNSET is not set"):
        env.text("UNSET")


def test_a_secret_may_lie_in_a_file_and_the_variable_counts_first(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(" 合言葉\n", encoding="utf-8")
    env = Environment({"A_FILE": str(file), "B_FILE": str(file), "B": "b", "C_FILE": ""})
    assert env.text("A", "default") == "合言葉"
    assert env.text("B") == "b"
    assert env.text("C", "default") == "default"


def test_without_variables_it_reads_the_processs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPOST_TEST_OF_ENV", "here")
    assert Environment().text("MYPOST_TEST_OF_ENV") == "here"
    with pytest.raises(WrongSetting):
        Environment({}).text("MYPOST_TEST_OF_ENV")


def test_a_choice_is_one_of_its_options() -> None:
    env = Environment({"WORLD": "production", "WRONG": "Production"})
    options = ("sandbox", "production")
    assert env.choice("WORLD", options, "sandbox") == "production"
    assert env.choice("UNSET", options, "sandbox") == "sandbox"
    with pytest.raises(WrongSetting, match="WRONG must be one of sandbox, production, not 'Prod"):
        env.choice("WRONG", options, "sandbox")


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("3", 3), ("0010", 10)])
def test_a_number_is_whole_and_not_negative(value: str, number: int) -> None:
    assert Environment({"N": value}).number("N", 7) == number
    assert Environment({}).number("N", 7) == 7


@pytest.mark.parametrize("value", ["", "-1", "1.5", "１", "²", "1 ", "many"])
def test_what_is_no_number_refuses_to_start(value: str) -> None:
    with pytest.raises(WrongSetting, match="N must be a whole number from 0"):
        Environment({"N": value}).number("N", 7)


def test_a_number_is_at_least_what_it_must_be() -> None:
    assert Environment({"N": "2"}).number("N", 5, least=2) == 2
    with pytest.raises(WrongSetting, match="N must be a whole number from 2, not '1'"):
        Environment({"N": "1"}).number("N", 5, least=2)


def test_a_flag_is_1_or_0_and_off_unless_said_otherwise() -> None:
    env = Environment({"ON": "1", "OFF": "0", "WRONG": "yes"})
    assert (env.flag("ON"), env.flag("OFF", default=True)) == (True, False)
    assert (env.flag("UNSET"), env.flag("UNSET", default=True)) == (False, True)
    with pytest.raises(WrongSetting, match="WRONG must be one of 0, 1"):
        env.flag("WRONG")


def test_paths_and_lists_of_names() -> None:
    env = Environment({"P": "/run/key", "L": " a.example , b.example,, "})
    assert (env.path("P"), env.path("UNSET")) == (Path("/run/key"), None)
    assert env.names("L", "") == ["a.example", "b.example"]
    assert env.names("UNSET", "x, y") == ["x", "y"]
    assert env.names("UNSET", "") == []


def test_a_wrong_setting_ends_the_process() -> None:
    assert issubclass(WrongSetting, SystemExit)
