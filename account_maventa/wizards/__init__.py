from . import maventa_authentication, maventa_registration, maventa_reroute
