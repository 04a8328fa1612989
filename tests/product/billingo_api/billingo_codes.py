"""The enumerations of Billingo's API 3.0.15 that VAT depends on."""

RATES = (
    "0% 1% 2% 3% 4% 5% 5,5% 6% 7% 7,7% 8% 8,1% 9% 9,5% 10% 11% 12% 13% 14% 15% 16% "
    "17% 18% 19% 20% 21% 22% 23% 24% 25% 25,5% 26% 27%"
).split()
WORDS = "AAM AM EU EUK F.AFA FAD K.AFA MAA TAM ÁKK ÁTHK".split()
ENTITLEMENTS = (
    "AAM ANTIQUES ARTWORK ATK EAM EUE EUFAD37 EUFADE HO KBAET NAM_1 NAM_2 SECOND_HAND "
    "TAM TRAVEL_AGENCY WITHOUT_ENTITLEMENT"
).split()
