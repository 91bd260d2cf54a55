package changelog

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/store"
)

// channel is the name processes sharing a PostgreSQL call each other by.
const channel = "tideboard_commits"

// notifyEvery bounds how often a process rings: commits in between share one bell.
const notifyEvery = 3 * time.Millisecond

// maxPayload keeps a notification under PostgreSQL's 8,000 bytes.
const maxPayload = 7000

// PostgresBell rings between processes that share a PostgreSQL. It notifies after the commit, never inside it: a
// notification in a transaction takes a lock that is global to the server.
type PostgresBell struct {
	db       *store.DB
	hub      *Hub
	logger   *slog.Logger
	listener *pq.Listener
	stop     context.CancelFunc
	done     sync.WaitGroup

	mu      sync.Mutex
	pending map[string]row.Revision
	bell    chan struct{}
}

// NewPostgresBell starts ringing and listening for a hub; Close ends it.
func NewPostgresBell(db *store.DB, url string, hub *Hub, logger *slog.Logger) (*PostgresBell, error) {
	b := &PostgresBell{db: db, hub: hub, logger: logger, pending: map[string]row.Revision{},
		bell: make(chan struct{}, 1)} // 1: a bell that rings while one is pending adds nothing
	b.listener = pq.NewListener(url, 50*time.Millisecond, 5*time.Second, func(_ pq.ListenerEventType, err error) {
		if err != nil {
			logger.Warn("listen for commits of other processes", "err", err)
		}
	})
	if err := b.listener.Listen(channel); err != nil {
		b.listener.Close()
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.done.Go(func() { b.send(ctx) })
	b.done.Go(func() { b.receive(ctx) })
	return b, nil
}

// Close ends ringing and listening.
func (b *PostgresBell) Close() {
	b.stop()
	b.done.Wait()
	b.listener.Close()
}

// Committed tells the other processes, soon. It never blocks.
func (b *PostgresBell) Committed(c *Commit) {
	b.mu.Lock()
	b.pending[c.WorkspaceID] = max(b.pending[c.WorkspaceID], c.Revision)
	b.mu.Unlock()
	select {
	case b.bell <- struct{}{}:
	default:
	}
}

func (b *PostgresBell) send(ctx context.Context) {
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.bell:
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, payload := range b.take() {
			if _, err := b.db.Write.ExecContext(ctx, "SELECT pg_notify($1, $2)", channel, payload); err != nil && ctx.Err() == nil {
				b.logger.Warn("tell other processes of commits", "err", err)
			}
		}
		tick.Reset(notifyEvery)
	}
}

// take empties what is pending into payloads of "workspace revision" lines.
func (b *PostgresBell) take() (payloads []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var text strings.Builder
	for id, r := range b.pending {
		if text.Len() > maxPayload {
			payloads = append(payloads, text.String())
			text.Reset()
		}
		text.WriteString(id + " " + strconv.FormatInt(int64(r), 10) + "\n")
	}
	clear(b.pending)
	if text.Len() > 0 {
		payloads = append(payloads, text.String())
	}
	return payloads
}

func (b *PostgresBell) receive(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-b.listener.Notify:
			if n == nil { // reconnected: bells may have been lost
				b.hub.look()
				continue
			}
			for _, line := range strings.Split(n.Extra, "\n") {
				id, rev, _ := strings.Cut(line, " ")
				if r, err := strconv.ParseInt(rev, 10, 64); err == nil {
					b.hub.Ring(id, row.Revision(r))
				}
			}
		}
	}
}
