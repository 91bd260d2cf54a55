// Package presence knows who is there. A member is online while it holds a live socket or stream, or its last request is
// less than 60 seconds old, on whichever process, and watches the boards whose live streams it has open. Each process
// writes down whom it saw, at most every 20 seconds a member, and tells the change log when somebody came or went, or
// turned to other boards, once it has been so for two seconds.
//
// It promises that telling it costs a caller no more than a short lock and never a wait; that a change is told once,
// however many processes see the member; that what a process that died has left behind counts no longer than 60 seconds,
// and that its going is told by one of the others; and that it holds at most a fixed number of members at a time.
// Presence makes commits, so that watchers learn of it, but no row of the graph changes.
package presence

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
)

const (
	// Life is how long a request counts, and what a process wrote down.
	Life = 60 * time.Second
	// Beat is how often what goes on is written down again.
	Beat = 20 * time.Second
	// Settle is how long somebody must have come or gone before it is told.
	Settle = 2 * time.Second
	// slack is how much longer the others wait before they speak for a process that fell silent.
	slack = 10 * time.Second
	// most bounds the members held at a time; whoever comes beyond it is not seen.
	most = 100_000
	// batch bounds the members of a workspace written in one transaction; the rest comes with the next step.
	batch = 500
	// mostBoards bounds the boards told of a member on one process: the first by their ids.
	mostBoards = 20
	// patience bounds one step.
	patience = 10 * time.Second
)

// gone stands in the place of the number of sockets when nothing holds the member to a process any more.
const gone = -1

// Tracker sees the members of one process.
type Tracker struct {
	crm     *crm.Service
	logger  *slog.Logger
	process string
	stop    context.CancelFunc
	ended   chan struct{}

	mu      sync.Mutex
	members map[key]*state
	swept   time.Time // when it was last looked for processes that died
}

type key struct{ workspace, member string }

// state is what this process knows of a member.
type state struct {
	sockets int
	asked   time.Time      // the last request
	seen    time.Time      // the last sign of life
	streams map[string]int // open, by board
	told    standing       // as it was last decided here
	turned  time.Time      // since when that is not so any more; zero while it is
	wrote   time.Time      // when the row was last written; zero when never
	kept    int            // the sockets in the row
	had     string         // the boards in the row
}

// standing is what is told of a member: whether it is online, and the ids of the boards it watches, in order, parted by
// spaces.
type standing struct {
	online bool
	boards string
}

// boards are those with a stream, as standing has them.
func (s *state) boards() string {
	ids := slices.Sorted(maps.Keys(s.streams))
	return strings.Join(ids[:min(len(ids), mostBoards)], " ")
}

// held tells whether something live holds the member here: a socket, or a stream that is none, as one of server-sent events.
func (s *state) held() bool { return s.sockets > 0 || len(s.streams) > 0 }

func (s *state) online(now time.Time) bool {
	return s.held() || !s.asked.IsZero() && now.Sub(s.asked) < Life
}

// New makes a tracker that takes a step each tick until it is closed; with a tick that is not positive, only when told.
func New(service *crm.Service, tick time.Duration, logger *slog.Logger) *Tracker {
	ctx, stop := context.WithCancel(context.Background())
	t := &Tracker{crm: service, logger: logger, process: service.NewID("prc"), stop: stop, ended: make(chan struct{}), members: map[key]*state{}}
	if tick > 0 {
		go t.run(ctx, tick)
	} else {
		close(t.ended)
	}
	return t
}

// Close ends it. What it wrote down counts for another minute: whoever was here finds another process meanwhile, or has
// gone.
func (t *Tracker) Close() {
	t.stop()
	<-t.ended
}

func (t *Tracker) run(ctx context.Context, tick time.Duration) {
	defer close(t.ended)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			step, cancel := context.WithTimeout(ctx, patience)
			if err := t.Step(step); err != nil && ctx.Err() == nil {
				t.logger.Error("keep track of presence", "err", err)
			}
			cancel()
		}
	}
}

// Seen notes a request of a viewer. Only members are tracked.
func (t *Tracker) Seen(v *viewer.Viewer) {
	t.note(v, func(s *state, now time.Time) { s.asked = now })
}

// Opened notes that a viewer opened a socket; Closed must follow.
func (t *Tracker) Opened(v *viewer.Viewer) {
	t.note(v, func(s *state, _ time.Time) { s.sockets++ })
}

// Closed notes that a viewer's socket ended.
func (t *Tracker) Closed(v *viewer.Viewer) {
	t.note(v, func(s *state, _ time.Time) { s.sockets = max(0, s.sockets-1) })
}

// Watches notes that a viewer opened the live stream of a board; the function it gives must be called when that ends.
func (t *Tracker) Watches(v *viewer.Viewer, pipelineID string) (ended func()) {
	t.note(v, func(s *state, _ time.Time) {
		if s.streams == nil {
			s.streams = map[string]int{}
		}
		s.streams[pipelineID]++
	})
	return sync.OnceFunc(func() {
		t.note(v, func(s *state, _ time.Time) {
			if n := s.streams[pipelineID]; n > 1 {
				s.streams[pipelineID] = n - 1
			} else { // the last, or one that was not seen, for there were too many members
				delete(s.streams, pipelineID)
			}
		})
	})
}

func (t *Tracker) note(v *viewer.Viewer, fn func(*state, time.Time)) {
	if v == nil || v.MemberID() == "" {
		return
	}
	k, now := key{v.WorkspaceID, v.MemberID()}, t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.members[k]
	if s == nil {
		if len(t.members) >= most {
			return
		}
		s = &state{}
		t.members[k] = s
	}
	fn(s, now)
	s.seen = now
}

func (t *Tracker) now() time.Time { return t.crm.Now().UTC().Truncate(time.Microsecond) }
