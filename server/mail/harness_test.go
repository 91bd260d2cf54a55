package mail_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/store/pgtest"
)

// each runs a test with the URL of a database of each kind, migrated and empty.
func each(t *testing.T, fn func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		url := "file:" + filepath.Join(t.TempDir(), "test.db")
		require.NoError(t, migrations.Apply(t.Context(), open(t, url)))
		fn(t, url)
	})
	t.Run("postgres", func(t *testing.T) { fn(t, pgtest.NewDatabase(t)) })
}

func open(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// clock is a time that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// logbook keeps what is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func box(t *testing.T, fill byte) *seal.Box {
	t.Helper()
	b, err := seal.New(bytes.Repeat([]byte{fill}, seal.KeySize))
	require.NoError(t, err)
	return b
}

// bench is an outbox as one process has it.
type bench struct {
	*mail.Outbox
	clock *clock
	log   *logbook
}

// process gives an outbox with connections of its own to the database.
func process(t *testing.T, url string, c *clock, s mail.Sender) *bench {
	t.Helper()
	log := &logbook{}
	return &bench{&mail.Outbox{DB: open(t, url), Box: box(t, 7), Sender: s, Now: c.Now, Poll: time.Hour, Timeout: 20 * time.Second,
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, c, log}
}

// The words that no dump may show.
const (
	subjectCanary = "CanarySubject"
	textCanary    = "CanaryText482913"
	htmlCanary    = "CanaryPage"
)

func message(to string) mail.Message {
	return mail.Message{Tenant: "wsp_test", Kind: "test.mail", To: to, Subject: subjectCanary, Text: "It says " + textCanary,
		HTML: "<p>" + htmlCanary + "</p>"}
}

// queue queues a mail in a transaction of its own.
func (b *bench) queue(t *testing.T, m mail.Message) string {
	t.Helper()
	tx, err := b.DB.Write.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	id, err := b.Enqueue(t.Context(), tx, m)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	return id
}

func (b *bench) pass(t *testing.T) {
	t.Helper()
	require.NoError(t, b.Pass(t.Context()))
}

// run runs the worker until the returned function is called, which waits for it.
func (b *bench) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{}) // never sent to: closed at the end
	go func() {
		defer close(done)
		b.Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// fate is what a row says of a mail.
type fate struct {
	State  string
	Tries  int
	Next   time.Time
	Word   string
	Sealed int
	Sent   bool
}

func (b *bench) fate(t *testing.T, id string) (f fate) {
	t.Helper()
	var sealed []byte
	var word sql.NullString
	var sent, lease sql.NullTime
	err := b.DB.QueryRow(t.Context(), "SELECT state, tries, next_at, last_error, sealed, sent_at, lease_until FROM mails WHERE id = "+b.DB.SQL.Placeholder(1), id).
		Scan(&f.State, &f.Tries, &f.Next, &word, &sealed, &sent, &lease)
	require.NoError(t, err)
	require.Equal(t, f.State == mail.StateSending, lease.Valid, "a lease is there while it is held")
	require.Equal(t, f.State == mail.StateSent, sent.Valid)
	f.Word, f.Sealed, f.Sent = word.String, len(sealed), sent.Valid
	return f
}

// dump gives all there is in the table as text.
func dump(t *testing.T, db *store.DB) (text string) {
	t.Helper()
	rows, err := db.Read.QueryContext(t.Context(), "SELECT * FROM mails")
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		require.NoError(t, rows.Scan(dest...))
		for _, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			text += fmt.Sprintln(v)
		}
	}
	require.NoError(t, rows.Err())
	return text
}
