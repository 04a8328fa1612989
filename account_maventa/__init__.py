from . import formats, models, services, wizards
from .uninstall import uninstall_hook
