"""The store page of an addon: ``static/description`` from a small text source.

Odoo's store shows the body of ``index.html`` with Bootstrap and its own classes
(``oe_container``, ``oe_row``, ``oe_span12``), without scripts and style sheets.
"""

import ast
import textwrap
import tomllib
from html import escape

from .paths import ROOT, TESTS

SOURCES = TESTS / "tools" / "store_pages"
LANGUAGES = {
    "fi": "Finnish",
    "hu": "Hungarian",
    "nb": "Norwegian Bokmål",
    "nl": "Dutch",
    "pt": "Portuguese",
    "sv": "Swedish",
}
BANNER = "banner.png"


def source(addon):
    """Return the text source of an addon's page as a dict."""
    return tomllib.loads((SOURCES / f"{addon}.toml").read_text(encoding="utf-8"))


def pictures(addon):
    """Return the file names of the screenshots on the page, the most telling first."""
    return tuple(picture["file"] for picture in source(addon)["pictures"])


def folder(addon):
    """Return the folder of the page."""
    return ROOT / addon / "static" / "description"


def render(addon):
    """Return the page of an :class:`addons.Addon` as HTML."""
    page = source(addon.name)
    manifest = (ROOT / addon.name / "__manifest__.py").read_text(encoding="utf-8")
    sections = [
        _banner(page),
        _cards(page),
        *(_picture(picture) for picture in page["pictures"]),
        _comparison(page),
        _questions(page),
        _facts(page, addon, ast.literal_eval(manifest)),
    ]
    return "\n".join(sections)


def _banner(page):
    return _section(f"""
        <div class="oe_row">
            <div class="oe_span12">
                {_image(BANNER, f"{page['title']}: {page['promise']}")}
            </div>
            <h2 class="oe_slogan">{escape(page["title"])}</h2>
            <h3 class="oe_slogan">{escape(page["promise"])}</h3>
            <p class="oe_mt16 text-center">{escape(page["users"])}</p>
        </div>
    """)


def _cards(page):
    cards = "".join(
        f"""
            <div class="col-md-4 mb-3">
                <div class="card h-100 shadow-sm">
                    <div class="card-body">
                        <h4 class="card-title">{escape(card["title"])}</h4>
                        <p class="card-text">{escape(card["text"])}</p>
                    </div>
                </div>
            </div>"""
        for card in page["cards"]
    )
    return _section(f"""
        <div class="row oe_mt16">{cards}
        </div>
    """)


def _picture(picture):
    return _section(f"""
        <div class="oe_row oe_mt32">
            <h3 class="oe_slogan">{escape(picture["title"])}</h3>
            <p class="text-center">{escape(picture["text"])}</p>
            <div class="oe_span12 oe_demo oe_screenshot">
                {_image(picture["file"], picture["alt"])}
            </div>
        </div>
    """)


def _comparison(page):
    rows = "".join(
        f"""
                    <tr>
                        <th scope="row">{escape(row["task"])}</th>
                        <td>{escape(row["manual"])}</td>
                        <td>{escape(row["addon"])}</td>
                    </tr>"""
        for row in page["comparison"]
    )
    return _section(f"""
        <div class="oe_row oe_mt32">
            <h3 class="oe_slogan">Compared with work by hand</h3>
            <table class="table table-bordered table-striped">
                <thead>
                    <tr>
                        <th scope="col">Task</th>
                        <th scope="col">By hand</th>
                        <th scope="col">With this addon</th>
                    </tr>
                </thead>
                <tbody>{rows}
                </tbody>
            </table>
        </div>
    """)


def _questions(page):
    items = "".join(
        f"""
            <h5 class="oe_mt16">{escape(item["question"])}</h5>
            <p>{escape(item["answer"])}</p>"""
        for item in page["questions"]
    )
    return _section(f"""
        <div class="oe_row oe_mt32">
            <h3 class="oe_slogan">Questions and answers</h3>{items}
        </div>
    """)


def _facts(page, addon, manifest):
    """Return languages and requirements; dependencies are those of the manifest."""
    languages = ["English", *sorted(LANGUAGES[code] for code in addon.languages)]
    badges = "".join(
        f"""
                <span class="badge text-bg-secondary">{escape(language)}</span>"""
        for language in languages
    )
    python = ", ".join(sorted(manifest["external_dependencies"]["python"]))
    facts = {
        "Odoo": "19.0, Community or Enterprise",
        "Odoo apps": ", ".join(manifest["depends"]),
        "Python packages": python,
        **{item["name"]: item["text"] for item in page["requirements"]},
        "Licence": f"{manifest['license']}, {manifest['author']}",
    }
    rows = "".join(
        f"""
                    <tr>
                        <th scope="row">{escape(name)}</th>
                        <td>{escape(text)}</td>
                    </tr>"""
        for name, text in facts.items()
    )
    return _section(f"""
        <div class="oe_row oe_mt32">
            <h3 class="oe_slogan">Languages</h3>
            <p class="text-center">{badges}
            </p>
            <h3 class="oe_slogan">Requirements</h3>
            <table class="table">
                <tbody>{rows}
                </tbody>
            </table>
        </div>
    """)


def _image(file, alt):
    classes = "img img-fluid d-block mx-auto"
    return f'<img class="{classes}" src="{escape(file)}" alt="{escape(alt)}" />'


def _section(content):
    body = textwrap.indent(textwrap.dedent(content).strip(), "    ")
    return f'<section class="oe_container">\n{body}\n</section>\n'
