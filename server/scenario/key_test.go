package scenario_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// newKey makes a key by the command.
func newKey(ctx context.Context, w *servertest.World, name string, scopes ...string) (*crm.CreateAPIKeyPayload, error) {
	if scopes == nil {
		scopes = []string{"records:read"}
	}
	return w.CRM.CreateAPIKey(viewer.NewContext(ctx, w.Owner.Viewer), crm.CreateAPIKeyInput{Name: name, Scopes: scopes})
}

// TestTwoRaceForTheLastKey: of many who make keys at once, as many succeed as there is room.
func TestTwoRaceForTheLastKey(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha") // it has one key
		for i := range crm.MaxKeys - 4 {
			_, err := newKey(t.Context(), w, fmt.Sprint(i))
			require.NoError(t, err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() { _, errs[i] = newKey(t.Context(), w, "late") })
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else {
				require.True(t, fault.Is(err, fault.LimitExceeded), "%v", err)
			}
		}
		require.Equal(t, 3, made)
		page, err := reader(w).APIKeys(viewer.NewContext(t.Context(), w.Owner.Viewer), 50, nil, nil)
		require.NoError(t, err)
		require.Len(t, page.Nodes, crm.MaxKeys)

		_, err = w.CRM.RevokeAPIKey(viewer.NewContext(t.Context(), w.Owner.Viewer), crm.RevokeAPIKeyInput{ID: page.Nodes[0].ID})
		require.NoError(t, err)
		_, err = newKey(t.Context(), w, "room again")
		require.NoError(t, err)
	})
}

// TestARotatedKeyHasTwoSecretsForAWhile: the old one until its time, the new one from the start, both gone when revoked.
func TestARotatedKeyHasTwoSecretsForAWhile(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		clock := &clock{at: time.Now().UTC().Truncate(time.Microsecond)}
		w := servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) { c.Now = clock.now }), "alpha")
		ctx := viewer.NewContext(t.Context(), w.Owner.Viewer)
		enters := func(secret string) bool {
			_, err := w.Gate.Key(t.Context(), secret)
			if err != nil {
				require.True(t, fault.Is(err, fault.InvalidAPIKey), "%v", err)
			}
			return err == nil
		}
		made, err := newKey(t.Context(), w, "k")
		require.NoError(t, err)
		first := made.Secret
		rotate := func(hours int) string {
			out, err := w.CRM.RotateAPIKey(ctx, crm.RotateAPIKeyInput{ID: made.APIKey.ID, OverlapHours: hours})
			require.NoError(t, err)
			return out.Secret
		}
		second := rotate(3)
		require.True(t, enters(first))
		require.True(t, enters(second))
		clock.pass(3*time.Hour - time.Second)
		require.True(t, enters(first))
		clock.pass(time.Second)
		require.False(t, enters(first), "the overlap is over")
		require.True(t, enters(second))
		third := rotate(24)
		fourth := rotate(24)
		require.False(t, enters(second), "two rotations at once leave the last two secrets")
		require.True(t, enters(third))
		fifth := rotate(0)
		require.False(t, enters(fourth), "no overlap was asked for")
		require.True(t, enters(fifth))
		sixth := rotate(24)
		_, err = w.CRM.RevokeAPIKey(ctx, crm.RevokeAPIKeyInput{ID: made.APIKey.ID})
		require.NoError(t, err)
		require.False(t, enters(fifth))
		require.False(t, enters(sixth))
	})
}

// TestASessionNarrowedToPipelinesMakesNoKeys: a key of its making would see more than the session does.
func TestASessionNarrowedToPipelinesMakesNoKeys(t *testing.T) {
	w := servertest.Found(t, servertest.Start(t, servertest.Dialects[0]), "alpha")
	narrow := *w.Owner.Viewer
	narrow.PipelineIDs = []string{w.Pipeline}
	_, err := w.CRM.CreateAPIKey(viewer.NewContext(t.Context(), &narrow), crm.CreateAPIKeyInput{Name: "x", Scopes: []string{"records:read"}})
	require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
}

// TestAKeyDoesWhatItsScopesName: each scope opens its own doors and no others.
func TestAKeyDoesWhatItsScopesName(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		doors := map[string]string{ // what it takes, and what is asked
			"records:read": `{ records { totalCount } }`, "contacts:read": `{ contacts { totalCount } }`, "tasks:read": `{ tasks { totalCount } }`,
			"members:read": `{ members { totalCount } }`, "pipelines:read": `{ pipelines { id } }`,
			"records:write":  `mutation { createRecord(input: {title: "x"}) { revision } }`,
			"contacts:write": `mutation { createContact(input: {firstName: "x"}) { revision } }`, "tasks:write": `mutation { createTask(input: {title: "x"}) { revision } }`,
			"pipelines:write": `mutation { updatePipeline(input: {id: "` + w.Pipeline + `", description: "x"}) { revision } }`,
		}
		also := map[string]string{"records:read": "pipelines:read"} // a card cannot be read without its board
		for scope := range doors {
			made, err := newKey(t.Context(), w, scope, scope)
			require.NoError(t, err)
			c := servertest.Client{URL: w.URL, Token: made.Secret}
			kind, write := strings.CutSuffix(scope, ":write")
			for takes, query := range doors {
				reads := kind + ":read"
				if !write {
					reads = scope
				}
				if takes == scope || takes == reads || takes == also[reads] {
					servertest.Must[any](t, &c, query, nil)
				} else {
					c.Refused(t, "SCOPE_MISSING", query, nil)
				}
			}
		}
	})
}

// TestUsesAreCounted: gathered in memory, written at the latest by a clean stop, none lost.
func TestUsesAreCounted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		url := servertest.Database(t, dialect)
		s := servertest.StartOn(t, url, nil)
		w := servertest.Found(t, s, "alpha")
		w.Gate.Used = nil // a counter of our own, so that nothing else counts
		made, err := newKey(t.Context(), w, "k")
		require.NoError(t, err)
		at := time.Date(2026, 11, 21, 10, 30, 59, 999, time.UTC)
		uses := access.NewUses(w.DB, func() time.Time { return at }, slog.New(slog.DiscardHandler))
		w.Gate.Used = uses.Used
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := w.Gate.Key(context.Background(), made.Secret)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		w.Gate.Used = nil
		shown := func() (int, *time.Time) {
			page, err := reader(w).APIKeys(viewer.NewContext(t.Context(), w.Owner.Viewer), 1, nil, nil)
			require.NoError(t, err)
			return page.Nodes[0].UseCount, page.Nodes[0].LastUsedAt
		}
		n, last := shown()
		require.Zero(t, n, "a use costs no statement")
		require.Nil(t, last)
		uses.Close()
		n, last = shown()
		require.Equal(t, 20, n)
		require.Equal(t, time.Date(2026, 11, 21, 10, 30, 0, 0, time.UTC), *last)
		again := access.NewUses(w.DB, func() time.Time { return at.Add(-time.Hour) }, slog.New(slog.DiscardHandler))
		again.Used(made.APIKey.ID)
		again.Close()
		n, last = shown()
		require.Equal(t, 21, n)
		require.Equal(t, 30, last.Minute(), "the last use is never taken back")
		require.Equal(t, 10, last.Hour())
	})
}

// TestNoKeyIsEverShownAgain: neither answers, rows nor the server's log hold a secret or its hash where it is shown.
func TestNoKeyIsEverShownAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		log := &logbook{}
		w := servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) {
			c.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}), "alpha")
		made, err := newKey(t.Context(), w, "k")
		require.NoError(t, err)
		rotated, err := w.CRM.RotateAPIKey(viewer.NewContext(t.Context(), w.Owner.Viewer), crm.RotateAPIKeyInput{ID: made.APIKey.ID, OverlapHours: 1})
		require.NoError(t, err)
		answers := ""
		for _, q := range []string{`{ apiKeys { nodes { id name scopes keyPrefix createdById useCount } } }`, `{ changes(first: 200) { commits { changes { kind before after } } } }`,
			`{ auditLog { nodes { action details } } }`} {
			answers += string(w.Owner.Do(t, q, nil).Data)
		}
		require.Contains(t, answers, rotated.APIKey.KeyPrefix)
		rows := dumpAll(t, w)
		for _, secret := range []string{made.Secret, rotated.Secret} {
			assert.NotContains(t, answers, secret[12:])
			assert.NotContains(t, answers, access.Hash(secret))
			assert.NotContains(t, log.String(), secret[12:])
			assert.NotContains(t, rows, secret[12:])
			assert.Equal(t, 1, strings.Count(rows, access.Hash(secret)), "a hash stands in one place")
		}
	})
}

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

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
