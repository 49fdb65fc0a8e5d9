"""A learner's text on a page: it reads as it was typed, leads nowhere but to other hosts, and takes a moment to lay out."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, markdown2html_mistune
from nbconvert.filters.strings import strip_files_prefix

from autograder.execution.outputs import LONGEST_TEXT, WHOLE_TEXT, Outputs, Room
from autograder.grading import prose
from autograder.nbgrader_door.pages import highlight

SECONDS = 20  # of this process, on a busy machine, for a page that took minutes; a quiet one needs 3
FORMS = ["[x]({})", "[x](<{}>)", '[x]({} "t")', "[x][r]\n\n[r]: {}", "[r]\n\n[r]:\n{}", "![x]({})", "![r]\n\n[r]: {}", "<{}>", "{}",
         "|a|b|\n|-|-|\n|[x]({})|{}|", "> - [x]({})", "[![x]({})]({})", "x[^1]\n\n[^1]: {}", "**[*x*]({})**", "term\n: [x]({})", "# {}",
         "[x]( {} )", "[x](\n{}\n)", "[\\]x]({})", "[`x`]({})", "[a[b]c]({})", "- [ ] [x]({})", "<a href='{}'>x</a>", "<img src={}>"]  # fmt: skip
AT_HOME = ["/lab/tree/submitted/x/ps1.ipynb", "x.xhtm", "./x.csv", "../x", "#top", "?path=x", "//localhost:8889/lab", "\\\\localhost/lab", "/\\localhost/lab",
           "http://localhost", "http://LOCALHOST:8889/lab", "http://127.0.0.1:8889/formgrader?path=x", "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/",
           "http://0x7f000001", "http://[::1]:8889/", "http://desk/lab", "http://desk.local/", "http://me@localhost/", "https://ok.org@localhost/", "https://ok.org:x@localhost/",
           "https://ok.org:8889/lab", "https://ok.org\\@localhost/", "https://localhost%2eok/", "https://%6cocalhost/", "https://ok.org%2f@localhost/", "http:localhost/", "http:/localhost/",
           "http:\\\\localhost/", "https:///localhost/", "http://ｌｏｃａｌｈｏｓｔ/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "ht\ttp://localhost/", "&#104;ttp://localhost/",
           "http&colon;//localhost/", "http&#x3a;//localhost", "javascript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "data:text/html,x",
           "vbscript:x", "file:///etc/passwd", "blob:x", "ftp://ok.org/", "mailto:a@b.org", "a@b.org", "www.localhost/", "https://hub.uni.org/user/prof/lab/tree/submitted",
           "https://hub.uni.org/hub/logout", "https://uni.org/formgrader?path=x", "https://ok.org./", "https://-ok.org/", "https://ok..org/", "https://ok.org\x00.localhost/", "attachment:none.png"]  # fmt: skip
ELSEWHERE = {
    "[t](https://example.org)": "https://example.org",
    '[t](https://example.org/a_b?c=1&d=2#e "as it is called")': "https://example.org/a_b?c=1&d=2#e",
    "[t](http://sub.example.org/~me/x.html)": "http://sub.example.org/~me/x.html",
    "[t][r]\n\n[r]: https://example.org/x": "https://example.org/x",
    "[r]\n\n[r]: https://example.org/x\n[s]: /lab": "https://example.org/x",
    "see https://example.org/x.": "https://example.org/x",
    "(https://example.org)": "https://example.org",
    "<https://example.org/x>": "https://example.org/x",
    "|a|b|\n|-|-|\n|[t](https://example.org)|2|": "https://example.org",
    "- > [t](https://example.org)": "https://example.org",
    "[a](/lab) [t](https://example.org)": "https://example.org",
    "[https://localhost:8889/lab](https://example.org)": "https://example.org",
}


def page(text: str, attachments: dict | None = None) -> str:
    cell = prose.harmless("markdown", {"source": text, "attachments": attachments}, prose.Room())
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    return MarkdownWithMath(renderer).render(cell["source"])


def leads_to(html: str) -> list[str]:
    found = BeautifulSoup(html, "html.parser").select("[href]:not(.anchor-link), [src]")
    return [element.get("href") or element.get("src") for element in found]


@pytest.mark.parametrize("address", AT_HOME)
def test_no_form_of_a_link_leads_home(address):
    for form in FORMS:
        text = form.replace("{}", address)
        assert leads_to(page(text)) == [], text


@pytest.mark.parametrize(("text", "address"), ELSEWHERE.items())
def test_links_to_other_hosts_stay(text, address):
    assert leads_to(page(text)) == [address]


def test_a_picture_of_elsewhere_is_no_picture_and_an_attached_one_is():
    html = page(
        "![a](https://example.org/a.png) [![b](attachment:p.png)](https://example.org)",
        {"p.png": {"image/png": "aGVsbG8="}},
    )
    assert "<img" not in page("![a](https://example.org/a.png)") and "<img" not in page(
        "![r]\n\n[r]: https://example.org/a.png"
    )
    assert html.count("<img") == 1 and "data:image/png;base64,aGVsbG8=" in html


@pytest.mark.parametrize(
    "typed",
    [
        "<b>x</b>",
        "a < b",
        "x & y",
        "&copy;",
        "`a[0](x)`",
        "f(x)[1]: y",
        "a@b.org",
        "\\href{x}",
        "http://localhost/",
        "![x](y)",
    ],
)
def test_what_is_kept_apart_reads_the_same(typed):
    shown = BeautifulSoup(page(f"```\n{typed}\n```"), "html.parser").get_text().strip()
    assert shown.replace("\u200b", "") == typed


def test_nobody_chooses_the_program_that_colours_code():
    assert "language-" not in page("~~~mermaid\nx\n~~~") and "mermaid" not in page("- ```mermaid\n  x\n  ```")


HEAVY = {
    "brackets": "[[]",
    "open brackets": "[",
    "pictures": "![",
    "code in brackets": "[`",
    "formulas": "\\\\[",
    "formulas in a line": "\\\\(",
    "environments": "\\begin{a}",
    "headings": "# a\n",
    "underlined": "a\n=\n",
    "stars": "*a ",
    "stars and lines": "_*",
    "quotes": "> ",
    "ticks": "`",
    "tables": "a|b\n-|-\n",
    "comments": "<!--",
    "data": "<![CDATA[",
    "entities": "&amp;",
    "footnotes": "[^a]: ",
    "one long word": "a",
    "nothing": " \n",
}


@pytest.mark.parametrize("unit", HEAVY.values(), ids=HEAVY)
def test_a_page_of_any_prose_is_laid_out_in_a_moment(unit):
    """As formgrader and feedback do: markdown, nbconvert's search for old links, and the HTML read once more."""
    room, start = prose.Room(), time.process_time()
    for _ in range(6):
        text = prose.harmless("markdown", {"source": unit * (LONGEST_TEXT // len(unit))}, room)["source"]
        BeautifulSoup(strip_files_prefix(markdown2html_mistune(text)), "html.parser")
    assert time.process_time() - start < SECONDS


def test_nested_emphasis_is_not_too_deep_for_what_reads_the_page():
    for open_, close in (("*a ", " a*"), ("**a ", " a**"), ("[a", "](https://b.org)"), ("> ", ""), ("~~a ", " a~~")):
        str(BeautifulSoup(page(open_ * 700 + close * 700), "html.parser"))


def test_text_that_has_too_many_signs_is_shown_as_it_was_typed():
    typed = "[[]" * 2000 + "\n```\n<script>x</script> [x](/lab)\n````"
    html = page(typed)
    assert leads_to(html) == [] and "<script" not in html
    shown = BeautifulSoup(html, "html.parser").find("code").get_text()
    assert shown.replace("\n", "").replace("\u200b", "") == typed.replace("\n", "")


def test_ordinary_work_is_far_from_any_limit():
    essay = (
        "A paragraph with *stress*, a [source](https://example.org/a) and $x_1 \\leq y$.\n\n- one\n- two\n\n" * 60
    )[:20_000]
    room = prose.Room()
    assert all(prose.PLAIN not in prose.harmless("markdown", {"source": essay}, room)["source"] for _ in range(4))


def coloured(source: str, resources: dict, language: str = "ipython3") -> str:
    notebook = SimpleNamespace(metadata={"language_info": {"pygments_lexer": language}})
    return highlight({"resources": resources, "nb": notebook}, source)


@pytest.mark.parametrize(
    "unit", [".", "a.", " \n", "\n \n", '"\\N{', "x=[", "a?", "%%perl\n<<a", "!$(", 'f"{', "(", "%%html\n<!--"]
)
def test_a_page_of_any_code_is_coloured_in_a_moment(unit):
    resources, start = {}, time.process_time()
    for size in (LONGEST_TEXT, LONGEST_TEXT // 10, LONGEST_TEXT // 20, LONGEST_TEXT // 50):
        assert coloured((unit * size)[:size], resources)
    assert time.process_time() - start < SECONDS


def test_ordinary_code_is_coloured_and_the_rest_is_shown():
    assert '<span class="k">def</span>' in coloured("def area(r):\n    return 3.14 * r ** 2\n" * 20, {})
    assert coloured(" \n" * 5000 + "<b>", {}).endswith("&lt;b&gt;</pre></div>")


def test_printed_addresses_are_no_links_and_what_is_printed_is_bounded():
    room = Room()
    cells = [Outputs(room) for _ in range(30)]
    cells[0].hear({"t": "stream", "content": {"text": "see http"}})
    cells[0].hear({"t": "stream", "content": {"text": "\x1b[1m://localhost:8889/lab and https://example.org"}})
    assert cells[0].as_tuple()[0]["text"] == "see http\u200b://localhost:8889/lab and https://example.org"
    cells[1].hear({"t": "stream", "content": {"text": "\x1b[31mx" * 5000}})
    assert "\x1b" not in cells[1].as_tuple()[0]["text"]
    for cell in cells[2:]:
        cell.hear({"t": "stream", "content": {"text": "x" * LONGEST_TEXT}})
    assert sum(len(output["text"]) for cell in cells for output in cell.as_tuple()) < WHOLE_TEXT + 10_000
    cells[-1].hear({"t": "execute_result", "content": {"data": {"text/plain": "0.5"}}})
    assert cells[-1].value() == 0.5


@pytest.mark.parametrize(
    "spelt",
    [
        "javascript:",
        "JavaScript:",
        "java&#115;cript:",
        "java&amp;#115;cript:",
        "javascript\\:",
        "javascript&colon;",
        "vbscript:",
    ],
)
@pytest.mark.parametrize("form", ["[x]({}alert(1))", "[x][r]\n\n[r]: {}alert(1)", "![x]({}alert(1))"])
def test_no_link_runs_a_script(spelt, form):
    html = page(form.format(spelt)).lower()
    assert 'href="javascript:' not in html and 'href="vbscript:' not in html and 'src="javascript:' not in html


def test_honest_text_reads_as_it_was_typed():
    assert page("a &lt; b & c, $x &= y$, [t](https://example.org)") == (
        '<p>a &lt; b &amp; c, $x &amp;= y$, <a href="https://example.org">t</a></p>\n'
    )


def test_a_picture_that_was_pasted_is_kept_and_nothing_else_is():
    given = {"p q.png": {"image/png": "aGVs\nbG8="}, "s": {"image/svg+xml": "<svg/>"}, "t": {"image/png": "<>"}, "u": 3}
    text = "![](attachment:p%20q.png) ![](attachment:s) attachment:t"
    cell = prose.harmless("markdown", {"source": text, "attachments": given}, prose.Room())
    assert cell["attachments"] == {"picture-1": {"image/png": "aGVsbG8="}}
    assert cell["source"].startswith("![](attachment:picture-1) ") and cell["source"].count("attachment:") == 1
