package mail

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// The states of a mail.
const (
	StateQueued  = "QUEUED"
	StateSending = "SENDING"
	StateSent    = "SENT"
	StateFailed  = "FAILED"
	StateExpired = "EXPIRED"
)

const (
	defaultWorkers = 4
	defaultTimeout = 30 * time.Second
	defaultPoll    = 10 * time.Second
	defaultGrace   = 5 * time.Second
	// keepFor is how long a row stays, whatever became of the mail.
	keepFor = 30 * 24 * time.Hour
	// sweepEvery is how often old rows are removed.
	sweepEvery = time.Hour
	// batch is how many due mails are looked up at a time.
	batch = 64
	// noting bounds the write that says how a mail fared: it is made even when the caller has gone.
	noting = 10 * time.Second
)

// Outbox queues mails and sends them. The fields are set before it is first used.
type Outbox struct {
	DB     *store.DB
	Box    *seal.Box
	Sender Sender
	Now    func() time.Time
	Logger *slog.Logger
	// Random gives numbers in [0, 1) that spread the tries of mails that failed together. Nil means the middle.
	Random func() float64
	// Workers is how many mails one process sends at a time. Zero means 4.
	Workers int
	// Timeout bounds one try. Zero means 30 s. A lease lasts four times that, so that clocks of processes may differ by
	// more than a minute.
	Timeout time.Duration
	// Poll is how often the worker looks without being woken. Zero means 10 s.
	Poll time.Duration
	// Grace is how long a mail on its way may take when the server stops. Zero means 5 s.
	Grace time.Duration

	once sync.Once
	bell chan struct{}
}

// Execer is what a mail is queued with: the caller's transaction.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Enqueue queues a mail within the caller's transaction and gives its id. It fails with a fault when the message is not
// acceptable, else with the database's error. After the commit the caller calls Kick, or Deliver.
func (o *Outbox) Enqueue(ctx context.Context, q Execer, m Message) (id string, err error) {
	now := o.Now()
	if err := m.Validate(now); err != nil {
		return "", err
	}
	id = typeid.New(typeid.Mail)
	sealed, err := sealContent(o.Box, id, content{m.Subject, m.Text, m.HTML})
	if err != nil {
		return "", err
	}
	ph := o.DB.SQL.Placeholder
	_, err = q.ExecContext(ctx, `INSERT INTO mails (tenant, id, kind, recipient, sealed, state, tries, created_at, next_at, expires_at)
		VALUES (`+ph(1)+`, `+ph(2)+`, `+ph(3)+`, `+ph(4)+`, `+ph(5)+`, '`+StateQueued+`', 0, `+ph(6)+`, `+ph(7)+`, `+ph(8)+`)`,
		m.Tenant, id, m.Kind, m.To, sealed, now, now, m.Expires)
	return id, err
}

// Kick wakes the worker of this process. It never waits.
func (o *Outbox) Kick() {
	select {
	case o.ring() <- struct{}{}:
	default:
	}
}

// ring gives the bell. It holds one ring: a worker that is told twice looks once.
func (o *Outbox) ring() chan struct{} {
	o.once.Do(func() { o.bell = make(chan struct{}, 1) })
	return o.bell
}

func (o *Outbox) timeout() time.Duration { return or(o.Timeout, defaultTimeout) }

func (o *Outbox) lease() time.Duration { return 4 * o.timeout() }

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// keeps is whether what a mail said outlives it: only for the page of the development mailbox.
func (o *Outbox) keeps() bool {
	_, ok := o.Sender.(*Mailbox)
	return ok
}
