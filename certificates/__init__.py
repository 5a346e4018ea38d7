"""X.509 for a simulated grid: certificates, proxies, VOMS attributes, and who trusts them.

Models what OpenSSL, Globus, VOMS and ARC read and say: a CA and those below it, host and user
certificates, proxies of RFC 3820 and the old ones of Globus, limited and full, VOMS attribute
certificates with a life of their own, revocation lists, the files of /etc/grid-security; and the
verification of all of it at any time, with OpenSSL's numbers and words. Keys, serial numbers and
signatures follow from a seed and from what is asked for: the same words give the same bytes in
every process, on every machine. Instants are POSIX seconds and always given.

Not modelled: secrecy (the keys are public knowledge and worth nothing), EC keys, requests (CSR),
OCSP, delta and indirect lists, name constraints, policies, encrypted keys, PKCS #12.

Stands alone: the standard library only, imports nothing of ours. Quick to start: a CA, a host, a
user, a VOMS server, attributes and a proxy with them take about 40 ms to make and under 1 ms to
read; `keeping.cached_pem` keeps them for the next flight. To import this package costs nothing,
its modules cost what they are used for:

    from certificates.authority import new_authority
    from certificates.chain import read_chain
    from certificates.proxies import proxy_of
    from certificates.verifying import Proxies
    from certificates.verifying import verify_chain

    authority = new_authority("/DC=sim/DC=grid/CN=flightsim CA", seed="1", not_before=begin)
    user = authority.issue_user("/DC=sim/DC=grid/OU=People/CN=Ada", not_before=begin)
    proxy = proxy_of(user, not_before=now, lifetime_s=43_200)
    shown = read_chain(proxy.pem())
    verify_chain(shown.certificates, anchors=[authority.certificate], now=now, proxies=Proxies.RFC)
"""
