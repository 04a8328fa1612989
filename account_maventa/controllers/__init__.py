from . import bell
