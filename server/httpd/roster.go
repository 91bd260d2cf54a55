package httpd

import (
	"sync"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// roster knows the open sockets and who holds them.
type roster struct {
	// work counts the goroutines of all sockets. Each is started while its socket's reader still runs, so that the
	// count cannot rise from zero under a Wait.
	work sync.WaitGroup
	// tend looks after the sockets until told to stop.
	tend func(stop <-chan struct{})

	mu      sync.Mutex
	sockets map[*socket]*viewer.Viewer // nil until admitted
	held    map[holder]int
	closing bool
	revoked uint64        // how often access was revoked
	stop    chan struct{} // closed, never sent to, when the last socket leaves; nil when there is none
}

// holder is whom a socket counts against: the member or the key, whatever session it came by.
type holder struct {
	workspace string
	kind      viewer.Kind
	id        string
}

func holderOf(v *viewer.Viewer) holder {
	if v.ID == "" {
		return holder{v.WorkspaceID, v.Kind, v.CredentialID}
	}
	return holder{v.WorkspaceID, v.Kind, v.ID}
}

// open lets a socket in and starts its reader; the first one starts the tender too. False when shutting down.
func (r *roster) open(k *socket) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return false
	}
	if r.sockets == nil {
		r.sockets, r.held = map[*socket]*viewer.Viewer{}, map[holder]int{}
	}
	r.sockets[k] = nil
	r.work.Go(k.read)
	if r.stop == nil {
		stop := make(chan struct{})
		r.stop = stop
		r.work.Go(func() { r.tend(stop) })
	}
	return true
}

// verdict is what admit says.
type verdict int

const (
	admitted verdict = iota
	full             // the viewer holds as many sockets as it may
	stale            // access was revoked from someone meanwhile: ask again who this is
)

// admit counts the socket against its viewer. The epoch is what epoch said before the viewer was asked for: a
// credential revoked between its check and this call must not slip in.
func (r *roster) admit(k *socket, v *viewer.Viewer, epoch uint64, limit int) verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, open := r.sockets[k]; !open {
		return admitted // it is gone already: nothing to count
	}
	if r.revoked != epoch {
		return stale
	}
	h := holderOf(v)
	if r.held[h] >= limit {
		return full
	}
	r.held[h]++
	r.sockets[k] = v
	return admitted
}

func (r *roster) epoch() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.revoked
}

// leave forgets a socket; the last one stops the tender.
func (r *roster) leave(k *socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, open := r.sockets[k]
	if !open {
		return
	}
	delete(r.sockets, k)
	if v != nil {
		h := holderOf(v)
		if r.held[h]--; r.held[h] == 0 {
			delete(r.held, h)
		}
	}
	if len(r.sockets) == 0 {
		close(r.stop)
		r.stop = nil
	}
}

// list appends the open sockets to into.
func (r *roster) list(into []*socket) []*socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k := range r.sockets {
		into = append(into, k)
	}
	return into
}

// shut lets no more sockets in and lists those that are left.
func (r *roster) shut() []*socket {
	r.mu.Lock()
	r.closing = true
	r.mu.Unlock()
	return r.list(nil)
}

func (r *roster) isShut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closing
}
