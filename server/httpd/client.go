package httpd

import (
	"net/http"
	"net/netip"
	"strings"
)

// clientIP is the address a request came from: the peer's, or, behind proxies that are believed, the last one in
// X-Forwarded-For that is no such proxy.
func (s *Server) clientIP(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	ip := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.isProxy(ip); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop.Unmap()
	}
	return ip.WithZone("").String()
}

func (s *Server) isProxy(ip netip.Addr) bool {
	for _, p := range s.config.Proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}
