"""Guards at every door to a model: form, import, RPC, context, stored defaults.

The same text stands in each addon, because each addon installs alone; a check on the
repository keeps the copies equal.

*Technical fields* hold what Odoo or the remote service decides: states, codes,
identities. The services of this addon alone write them. On models of the addon every
service does, with ``sudo()``, which no client can have. Odoo itself writes its own
models with ``sudo()`` and values of users (incoming mail, portal), so their technical
fields need :func:`as_service` as well.
"""

from collections import defaultdict
from functools import wraps
from inspect import isfunction

from odoo import Command, api, models
from odoo.exceptions import AccessError, MissingError, RedirectWarning, UserError

_ADDON = __package__.rpartition(".")[2]
_CONTEXT_KEY = f"{_ADDON}_service"
_LARGEST_ID = 2**31 - 1
_MAGIC = frozenset(models.LOG_ACCESS_COLUMNS)
_TECHNICAL = defaultdict(frozenset)  # guarded model -> names of its technical fields


class _Service:
    """The value in the context. A request is JSON or XML and cannot contain it."""


def as_service(records):
    """Return ``records`` in an environment that may write technical fields."""
    return records.with_context(**{_CONTEXT_KEY: _Service})


def ensure_one(records):
    """Return the one record; otherwise raise a user error.

    Odoo's own method of this name raises what a client sees as a fault of the program.
    """
    if len(records) == 1:
        return records
    raise UserError(
        records.env._("Select exactly one record of “%s”.", records._description)
    )


def guarded(*names):
    """Decorate the class of a model: guard its fields and its public methods.

    * The fields ``names`` are technical. A client who gives another value than the
      record has, or the field's default on a new record, gets an error. Defaults that
      the context or an administrator gives for them are ignored, and so are values of
      a form that is not saved: what depends on them is computed as superuser. See
      :class:`Base`, also for lines and for models that inherit the fields.
    * A public method runs on records that exist and that the user may read.
    * A dialog keeps no reference to a record that its user may not read.
    """

    def decorate(model):
        _guard_methods(model)
        _TECHNICAL[model._name] |= {*names}
        if names:
            _guard_fields(model, frozenset(names))
        if _is_own(model):
            model.ensure_one = _ensure_one
        if _is_own(model) and issubclass(model, models.TransientModel):
            _guard_references(model)
        return model

    return decorate


def internal(service):
    """Decorate the class of a service: none of its methods can be called remotely."""
    for name, method in vars(service).items():
        if isfunction(method) and not name.startswith("_"):
            method._api_private = True
    return service


def _is_own(model):
    """Return whether the class defines a model; otherwise it extends one of Odoo."""
    return model._name not in (model._inherit or ())


def _ensure_one(self):
    return ensure_one(self)


# === FIELDS === #


def _guard_fields(model, names):
    model._technical_fields = names  # for tests
    is_own = _is_own(model)
    create, write = (_inner(model, name) for name in ("create", "write"))

    def is_open(records):
        is_service = records.env.context.get(_CONTEXT_KEY) is _Service
        return is_service or (is_own and records.env.su)

    @api.model_create_multi
    def guarded_create(self, vals_list):
        if not is_open(self):
            vals_list = [_without_defaults(self, vals, names) for vals in vals_list]
        return create(self, vals_list)

    def guarded_write(self, vals):
        if names & vals.keys() and not is_open(self):
            vals = _without_same(self, vals, names)
        return write(self, vals)

    model.create = guarded_create
    model.write = guarded_write


def _inner(model, name):
    """Return the method of the class, or one that calls the class it extends."""

    def inherited(self, *args):
        return getattr(super(model, self), name)(*args)

    return vars(model).get(name, inherited)


def _own_default(records, name):
    """Return the default that the field itself has, if any, as values."""
    field = records._fields[name]
    if not field.default:
        return {}
    value = field.convert_to_cache(field.default(records), records, validate=False)
    return {name: field.convert_to_write(value, records)}


def _without_defaults(records, vals, names):
    """Return values of a new record without technical fields, which must be as usual.

    :raise UserError: one of them is another than the field's own default
    """
    for name in sorted(names & vals.keys()):
        default = _own_default(records, name).get(name)
        if (vals[name] or default) and vals[name] != default:
            raise _refusal(records, name)
    return {name: value for name, value in vals.items() if name not in names}


def _without_same(records, vals, names):
    """Return values without technical fields, which must be as they are.

    :raise UserError: one of them would change
    """
    for name in sorted(names & vals.keys()):
        for record in records.sudo():
            if not _is_same(record, name, vals[name]):
                raise _refusal(records, name)
    return {name: value for name, value in vals.items() if name not in names}


def _is_same(record, name, value):
    field, now = record._fields[name], record[name]
    try:
        cached = field.convert_to_cache(value, record, validate=False)
        return field.convert_to_record(cached, record) == now
    except Exception:
        return False  # whatever a client has sent, it is not this


def _refusal(records, name):
    return UserError(
        records.env._(
            "“%(field)s” of %(model)s cannot be set by hand: Odoo writes it.",
            field=records._fields[name]._description_string(records.env),
            model=records._description,
        )
    )


# === FORMS AND DEFAULTS === #


class Base(models.AbstractModel):
    """Forms that are not saved, defaults, and imports, of all models.

    Any model may inherit technical fields, or have lines that have some.
    """

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        stored = self.env["ir.default"]._get_model_defaults(self._name)
        given = {
            name: values.pop(name)
            for name in [*values]
            if f"default_{name}" in self.env.context or name in stored
        }
        cleaned = {}
        for name, value in given.items():
            cleaned |= _clean_default(self, name, value)
        for name in given.keys() - cleaned.keys():
            cleaned |= _own_default(self, name)
        return values | cleaned

    def _load_records(self, data_list, update=False):
        # An import has no buttons: of anything but a user error it shows the source.
        try:
            return super()._load_records(data_list, update)
        except RedirectWarning as error:
            raise UserError(error.args[0]) from error

    def onchange(self, values, field_names, fields_spec):
        if isinstance(values, dict):
            shown = defaultdict(list)
            values = _without_technical(self, values, shown)
            _check_shown(self.env, shown)
            fields = self._fields
            field_names = [x for x in field_names if not _is_technical(fields.get(x))]
        return super().onchange(values, field_names, fields_spec)


def _is_technical(field):
    """Return whether the field, or the one that it repeats, is technical."""
    while field:
        if field.name in _TECHNICAL.get(field.model_name, ()):
            return True
        field = field.related_field
    return False


def _without_technical(records, values, shown):
    """Return values of a form without technical fields, also of its lines and parents.

    :param shown: model -> ids of records that the form shows as parts of its own; these
        are added, because fields without column are computed with no check of access
    """
    cleaned = {}
    for name, value in values.items():
        field = records._fields.get(name)
        if _is_technical(field):
            continue
        if field and field.relational:
            value = _clean_relation(records, field, value, shown)
        cleaned[name] = value
    return cleaned


def _clean_default(records, name, value):
    """Return a given default, unless it is of a technical field.

    It is ignored as well where it would show the name of what the user may not read.
    """
    shown = defaultdict(list)
    cleaned = _without_technical(records, {name: value}, shown)
    try:
        _check_shown(records.env, shown)
    except (AccessError, MissingError):
        return {}
    return cleaned


def _check_shown(env, shown):
    for model, ids in shown.items():
        _check_records(env[model].browse(ids))


def _clean_relation(records, field, value, shown):
    comodel = records.env[field.comodel_name]
    ids, is_checked = [], field.comodel_name in _TECHNICAL

    def clean(part):
        if not isinstance(part, dict):
            return part
        ids.append(part.get("id"))
        return _without_technical(comodel, part, shown)

    if isinstance(value, dict):  # the document that has the form's record as a line
        value = clean(value)
    elif field.type == "many2one":
        is_ours = _is_ours(records, field)
        if is_ours or field.name in records._inherits.values():
            value, is_checked = value or False, is_checked or is_ours
            ids.append(value if type(value) in (bool, int) else -1)
    elif isinstance(value, list | tuple):
        for command in value:
            ids += _ids_of_command(command)
        value = [
            [*map(clean, x)] if isinstance(x, list | tuple) else clean(x) for x in value
        ]
    if is_checked:
        # Text is the client's name for a new line.
        known = _companies(records.env) if comodel._name == "res.company" else ()
        ids = [x for x in ids if x and not isinstance(x, str) and x not in known]
        shown[comodel._name] += ids
    return value


def _is_ours(records, field):
    """Return whether we compute with what a many2one of a form leads to.

    All users may be named by everybody.
    """
    is_own = records._original_module == _ADDON or _ADDON in field._modules
    if field.comodel_name == "res.company":
        return is_own or bool({records._name, *records._inherits} & _TECHNICAL.keys())
    return is_own and field.comodel_name != "res.users"


def _companies(env):
    """Return ids of the user's companies, and of those that they are branches of."""
    return env.companies.sudo().parent_ids.ids


def _ids_of_command(command):
    """Return what a command, or a number in its place, adds to the lines of a form."""
    if not isinstance(command, list | tuple):
        return [] if isinstance(command, dict) else [command]
    match command:
        case [Command.UPDATE | Command.LINK, number, *_]:
            return [number]
        case [Command.SET, _, [*numbers]]:
            return numbers
    return []


# === METHODS === #


def _guard_methods(model):
    """Let public methods of the class check their records before they run."""
    is_own = _is_own(model)
    for name, method in list(vars(model).items()):
        is_public = isfunction(method) and not name.startswith("_")
        is_ours = is_own or name.startswith("action_")
        if not is_public or not is_ours or hasattr(models.BaseModel, name):
            continue
        if not getattr(method, "_api_model", False):
            setattr(model, name, _checked(method))


def _checked(method):
    @wraps(method)
    def check_first(self, *args, **kwargs):
        if not self.env.su:
            _check_records(self)
        return method(self, *args, **kwargs)

    return check_first


def _check_records(records):
    """Raise unless all of these exist and may be read by the user."""
    saved = [number for number in records._ids if not isinstance(number, api.NewId)]
    if any(type(x) is not int or not 0 < x <= _LARGEST_ID for x in saved):
        raise MissingError(records.env._("These records do not exist."))
    records.check_access("read")
    if len(records.browse(saved).exists()) < len({*saved}):
        raise MissingError(records.env._("These records do not exist."))


# === DIALOGS === #


def _guard_references(model):
    """Let a dialog refuse references to records that its user may not read."""
    create, write = (_inner(model, name) for name in ("create", "write"))

    @api.model_create_multi
    def checked_create(self, vals_list):
        records = create(self, vals_list)
        _check_references(records)
        return records

    def checked_write(self, vals):
        result = write(self, vals)
        _check_references(self)
        return result

    model.create = checked_create
    model.write = checked_write


def _check_references(records):
    for name, field in records._fields.items():
        is_reference = field.relational and field.store and name not in _MAGIC
        if is_reference and not records.env[field.comodel_name].is_transient():
            records[name].check_access("read")
