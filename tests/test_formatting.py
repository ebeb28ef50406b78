from extract.formatting import counted, duration, visible


def test_nothing_in_a_text_works_on_what_shows_it() -> None:
    assert visible("a\nb\u202egnp\x1b[2J\u2028\udcb5.exe") == r"a\nb\u202egnp\x1b[2J\u2028\udcb5.exe"
    assert visible("绩效 自评\u3000表é👍.pdf") == "绩效 自评\u3000表é👍.pdf"


def test_numbers_and_times() -> None:
    assert (counted(1, "file"), counted(0, "file")) == ("1 file", "0 files")
    assert [duration(s) for s in (45, 720, 11100)] == ["45 s", "12 min", "3 h 05 min"]
