package httpd

import "github.com/rapidbott/tideboard/ent/viewer"

// Revoke closes every socket whose viewer matches, with 4403, and says how many: a session ended, a key revoked, a
// member removed or given other rights. Call it after the change is committed. A socket that is just being let in is
// looked up again, so that none slips through. A client that still has access may come back and gets what is now true.
// match is called under a lock and must only look.
func (s *Server) Revoke(match func(*viewer.Viewer) bool) int {
	sockets := s.roster.revoke(match)
	for _, k := range sockets {
		k.close(closeForbidden, "Forbidden: access ended or changed")
	}
	return len(sockets)
}

func (r *roster) revoke(match func(*viewer.Viewer) bool) []*socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.revoked++
	var found []*socket
	for k, v := range r.sockets {
		if v != nil && match(v) {
			found = append(found, k)
		}
	}
	return found
}
