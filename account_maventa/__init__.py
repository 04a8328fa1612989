from . import controllers, formats, models, services, wizards
from .uninstall import uninstall_hook
