package board

import (
	"slices"

	"github.com/rapidbott/tideboard/server/row"
)

// departure is watchers who see a board with other rights from a commit on.
type departure struct {
	subs    []*Subscription
	waiting []*Subscription
	lens    lens
	old     map[string]*row.Record // what they had before their eyes
}

// departures takes off their views the watchers whose rights a commit changed. It comes before the views take the commit
// in, so that what they showed before it is still there.
func (r *replica) departures(st *step) []*departure {
	if !st.rights {
		return nil
	}
	var out []*departure
	for key, w := range r.views {
		to := map[string]*departure{}
		stays := w.subs[:0:0]
		for _, s := range w.subs {
			l := s.look()
			now, may := r.state.viewerAt(l.viewer)
			next := l.as(now)
			switch {
			case !may:
				s.fail(forbidden(now))
			case next.key == key:
				s.see(now)
				stays = append(stays, s)
			default:
				d := to[next.key]
				if d == nil {
					d = &departure{lens: next, old: w.cards()}
					to[next.key] = d
					out = append(out, d)
				}
				s.see(now)
				d.subs = append(d.subs, s)
				if slices.Contains(w.waiting, s) {
					d.waiting = append(d.waiting, s)
				}
			}
		}
		gone := func(s *Subscription) bool { return !slices.Contains(stays, s) }
		w.subs, w.waiting = stays, slices.DeleteFunc(w.waiting, gone)
		if len(stays) == 0 {
			delete(r.views, key)
		}
	}
	return out
}

// arrive shows them the board as they see it now: what left and what entered their sight is one frame.
func (r *replica) arrive(all []*departure, st *step) {
	for _, d := range all {
		w := r.watch(d.lens)
		f := w.become(d.old, r.state, st)
		for _, s := range d.subs {
			if f != nil {
				s.push(f)
			}
		}
		w.subs = append(w.subs, d.subs...)
		for _, s := range d.waiting {
			if !s.passed(st.commit.Revision) {
				w.waiting = append(w.waiting, s)
			}
		}
	}
}
