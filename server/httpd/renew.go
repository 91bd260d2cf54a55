package httpd

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// Renew asks Access again for every socket whose viewer matches: what its holder may do now holds for what is asked on it
// from now on, and a holder that is not let in any more loses the socket, with 4403. Call it after a change is
// committed. A socket that is just being let in is looked up again, so that none slips through. When Access itself
// fails, the sockets stay as they are until they are renewed the next time. match is called under a lock and must only look.
func (s *Server) Renew(ctx context.Context, match func(*viewer.Viewer) bool) {
	type answer struct {
		v       *viewer.Viewer
		refused *fault.Fault
	}
	asked := map[holding]answer{}
	for k, v := range s.roster.revoke(match) {
		of := holding{v.WorkspaceID, v.CredentialID, v.ExpiresAt.UnixNano()}
		a, known := asked[of]
		if !known {
			a.v, a.refused = s.ask(ctx, func() (*viewer.Viewer, error) { return s.config.Access.Refresh(ctx, v) })
			asked[of] = a
		}
		switch {
		case a.refused == nil:
			s.roster.become(k, a.v)
			k.become(a.v)
		case accessEnded[a.refused.Kind]:
			k.turnAway(a.refused)
		}
	}
}

// holding is a credential as a socket came by it: of a key there may be two secrets with two terms.
type holding struct {
	workspace, credential string
	expires               int64
}

// accessEnded are the refusals that end a socket that is open.
var accessEnded = map[fault.Code]bool{fault.Unauthenticated: true, fault.InvalidAPIKey: true, fault.SessionExpired: true, fault.Forbidden: true,
	fault.NotEligible: true, fault.OutsideSchedule: true}

// become notes who holds a socket now.
func (r *roster) become(k *socket, v *viewer.Viewer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sockets[k] != nil {
		r.sockets[k] = v
	}
}

func (r *roster) revoke(match func(*viewer.Viewer) bool) map[*socket]*viewer.Viewer {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.revoked++
	found := map[*socket]*viewer.Viewer{}
	for k, v := range r.sockets {
		if v != nil && match(v) {
			found[k] = v
		}
	}
	return found
}
