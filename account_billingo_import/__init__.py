from . import models, services, wizards
from .uninstall import uninstall_hook
