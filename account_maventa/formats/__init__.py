from . import base, finvoice, peppol_bis3
