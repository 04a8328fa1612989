"""Translations keep their texts when the template changes."""

import polib
from harness import translations

TEMPLATE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#. module: addon
msgid "new"
msgstr ""

#. module: addon
msgid "kept"
msgstr ""
"""
TRANSLATION = """# Translators
msgid ""
msgstr "Language: pt\\n"

msgid "kept"
msgstr "mantido"

msgid "removed"
msgstr "removido"
"""


def test_translation_follows_its_template(tmp_path):
    (tmp_path / "pt.po").write_text(TRANSLATION)
    assert translations.merge(polib.pofile(TEMPLATE), tmp_path / "pt.po") == 1
    merged = polib.pofile(str(tmp_path / "pt.po"))
    assert merged.metadata == {"Language": "pt"}
    assert [(x.msgid, x.msgstr) for x in merged] == [("new", ""), ("kept", "mantido")]
    assert {x.comment for x in merged} == {"module: addon"}
