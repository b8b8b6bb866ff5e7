"""A child that answers lines: whatever it does, its parent goes on."""

import os
from pathlib import Path

import pytest

from sources.children.line_child import LineChild

ANSWERS = """
import os, sys, time
from sources.children.line_child import answer_lines

def answer(question):
    match question:
        case "end": os._exit(3)
        case "wait": time.sleep(60)
        case "print": print("a library's word")
        case "flood": os.write(3, b"x" * (20 << 20))
        case "no json": os.write(3, b"{\\n")
    return {"asked": question}

answer_lines(answer)
"""


@pytest.fixture
def child(tmp_path):
    (tmp_path / "answering.py").write_text(ANSWERS, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    one = LineChild("answering", {"PYTHONPATH": path, "PATH": os.environ["PATH"]})
    yield one
    one.close()


@pytest.mark.parametrize("question", ["a", {"đ": [1, None]}, "print", "x" * 300_000, "a\nb"])
def test_each_question_gets_its_answer(child, question):
    assert [child.ask(question) for _ in range(2)] == [{"asked": question}] * 2


@pytest.mark.parametrize("deed", ["end", "flood", "no json"])
def test_a_child_that_fails_has_no_answer_and_another_answers_the_next_question(child, deed):
    assert child.ask(deed) is None
    assert child.ask("a") == {"asked": "a"}


def test_a_child_that_takes_too_long_is_ended(child):
    assert child.ask("a", seconds=30) == {"asked": "a"}
    with pytest.raises(TimeoutError, match="answering"):
        child.ask("wait", seconds=0.2)
    assert child.process is None
    assert child.ask("a") == {"asked": "a"}


def test_a_child_runs_with_the_environment_it_is_given_alone(child, monkeypatch):
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", "secret")
    child.ask("a")
    assert b"secret" not in Path(f"/proc/{child.process.pid}/environ").read_bytes()
