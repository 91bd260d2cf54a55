// Package crm is the domain: commands on pipelines, records, contacts and tasks. A command validates everything at
// once, then, in one transaction, loads what it needs for update, decides, applies, and flushes the change log; after
// the commit it rings the doorbell. Decisions are pure functions of values.
//
// It promises: a refusal is a fault.Fault and leaves nothing written; what the viewer may not see is NOT_FOUND; a
// command makes at most one commit, and none when nothing changed.
package crm

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/span"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Service runs commands.
type Service struct {
	DB *store.DB
	// Announce is told each commit after it happened; it must not block.
	Announce func(*changelog.Commit)
	// Now is the clock.
	Now func() time.Time
	// Box seals the answers that are kept for repeats, and the workspaces' secrets; without one none can be stored.
	Box *seal.Box
	// NewID makes ids.
	NewID func(prefix string) string
	// NewSecret makes what an API key is shown as, once.
	NewSecret func(prefix string) string
	// Plans are the caps of the partner's plans; none means that there is no cap.
	Plans Plans
	// Partner tries a workspace's own key; without one no partner is reached.
	Partner PartnerKeys
	// Jobs is told that there is a job to do; it must not block. nil tells nobody.
	Jobs func()
	// Rights gives a viewer again as it is now, by its credential, or the refusal of now; jobs ask it. nil refuses them.
	Rights func(context.Context, *viewer.Viewer) (*viewer.Viewer, error)
	// Online tells which of these members are online; nil knows of none.
	Online func(ctx context.Context, memberIDs []string) (map[string]bool, error)
	// Inviting is what invitations are made with.
	Inviting Inviting
}

// New makes a service with the real clock.
func New(db *store.DB, announce func(*changelog.Commit)) *Service {
	return &Service{DB: db, Announce: announce, Now: time.Now, NewID: typeid.New, NewSecret: seal.Token}
}

// errRetry says that a transaction met another one and should be run again.
var errRetry = errors.New("crm: run it again")

// tries is how often a transaction is run that lost against another one.
const tries = 8

// Tx is one command's transaction.
type Tx struct {
	*Service
	// ctx writes with the rights of the program within the viewer's workspace: what may be written was decided before.
	ctx context.Context
	// seen reads with the viewer's own rights.
	seen   context.Context
	sql    *sql.Tx
	ent    *ent.Client
	viewer *viewer.Viewer
	now    time.Time
	// keep says that rows outside of the graph were written: the transaction is committed also when the log has nothing to tell.
	keep bool
	// batch is what all changes of a bulk command share; nil for any other command.
	batch *string
	// last runs when the revision is given: what it reads is the state of exactly that revision.
	last func() error
	// settled run when the revision is given; see settle.
	settled []func() error
	// made are the kinds of which the transaction made rows, with the highest running number; see room.
	made map[Kind]int
	// log is what the transaction has told so far; the first `indexed` changes are in the table of contact keys; see keepKeys.
	log     *changelog.Recorder
	indexed int
	// warnings are for the payload; see warn.
	warnings []*Warning
	// shown are records as the answer shows them; see show.
	shown []*row.Record
	// notes are what the histories shall tell of changes of owners, by record.
	notes map[string]span.Note
	// reasons are the pipelines whose lost records need a reason or do not, of those that were looked at.
	reasons map[string]bool
	// rules are the settings about records, and the workspace's zone, once they were read; see recordRules.
	rules *recordRules
}

// Do runs a command in one transaction as the viewer in the context, with the log, the retries and the doorbell of all
// commands, and gives the revision at which its effect is visible. `mark` is the caller's clientMutationId. fn may run
// more than once.
func (s *Service) Do(ctx context.Context, mark *string, fn func(*Tx) error) (row.Revision, error) {
	return s.Answer(ctx, mark, nil, fn)
}

// Answer is Do for a command whose answer, `out`, is a pointer that fn fills in: it can be kept for repeats.
func (s *Service) Answer(ctx context.Context, mark *string, out any, fn func(*Tx) error) (row.Revision, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.WorkspaceID == "" {
		return 0, fault.New(fault.Unauthenticated, "nobody is asking")
	}
	if mark != nil && (len(*mark) > 128 || strings.ContainsRune(*mark, 0)) {
		return 0, fault.At("input.clientMutationId", fault.ValidationFailed, "is longer than 128 bytes, or cannot be stored")
	}
	for try := 1; ; try++ {
		rev, err := s.attempt(ctx, v, mark, out, fn)
		lost := errors.Is(err, changelog.ErrLost) || errors.Is(err, errRetry) || s.DB.SQL.IsRetryable(err)
		if err == nil || !lost || ctx.Err() != nil {
			return rev, err
		}
		if try == tries {
			return 0, fault.New(fault.Overloaded, "too many writers at the same place; try again")
		}
	}
}

func (s *Service) attempt(ctx context.Context, v *viewer.Viewer, mark *string, out any, fn func(*Tx) error) (row.Revision, error) {
	stx, err := s.DB.Write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer stx.Rollback() // does nothing after the commit
	recording, rec := changelog.WithRecorder(ctx)
	everything := *v
	everything.Perms, everything.PipelineIDs = viewer.AllPerms, nil
	tx := &Tx{Service: s, sql: stx, viewer: v, now: s.Now().UTC().Truncate(time.Microsecond), log: rec,
		ctx: viewer.NewContext(recording, &everything), seen: recording,
		ent: changelog.Attach(ent.NewClient(ent.Driver(txDriver{entsql.Conn{ExecQuerier: stx}, s.DB.Dialect})))}
	asked := callOf(ctx)
	if asked.key != nil && asked.rehearsal == nil {
		done, at, err := tx.claim(*asked.key, out)
		if err != nil {
			return 0, err
		}
		if done {
			revised(out, at)
			return at, nil
		}
	}
	if err := fn(tx); err != nil {
		return 0, err
	}
	if err := tx.keepKeys(); err != nil {
		return 0, err
	}
	if err := tx.closeTasks(rec.Changes()); err != nil {
		return 0, err
	}
	if err := tx.recount(rec.Changes()); err != nil {
		return 0, err
	}
	if err := tx.memorize(rec.Changes()); err != nil {
		return 0, err
	}
	commit, err := rec.Flush(ctx, stx, s.DB.SQL, changelog.Origin{Viewer: v, Now: tx.now, ClientMutationID: mark, BatchID: tx.batch})
	if err != nil {
		return 0, err
	}
	for _, check := range tx.settled {
		if err := check(); err != nil {
			return 0, err
		}
	}
	if tx.last != nil {
		if err := tx.last(); err != nil {
			return 0, err
		}
	}
	at, err := row.Revision(0), error(nil)
	if commit != nil {
		at = commit.Revision
	} else if at, err = s.head(ctx, tx); err != nil {
		return 0, err
	}
	switch {
	case asked.rehearsal != nil:
		asked.rehearsal.Changes = nil
		if commit != nil {
			asked.rehearsal.Changes, at = commit.Changes, at-1
		}
		return at, nil
	case asked.key != nil:
		if err := tx.keepAnswer(*asked.key, out, at); err != nil {
			return 0, err
		}
	}
	if commit == nil {
		if tx.keep {
			err = stx.Commit()
		}
		return at, err
	}
	if err := stx.Commit(); err != nil {
		return 0, err
	}
	s.Announce(commit)
	return commit.Revision, nil
}

// head is the revision of a command that changed nothing.
func (s *Service) head(ctx context.Context, tx *Tx) (r row.Revision, err error) {
	b := scope.New(tx.viewer, s.DB.SQL).Add("SELECT w.revision FROM workspaces w WHERE ").Own("w")
	text, args := b.SQL()
	return r, tx.sql.QueryRowContext(ctx, text, args...).Scan(&r)
}

// txDriver lets ent work inside a transaction that is not its own.
type txDriver struct {
	entsql.Conn
	name string
}

func (d txDriver) Dialect() string { return d.name }

func (d txDriver) Tx(context.Context) (dialect.Tx, error) { return dialect.NopTx(d), nil }

func (txDriver) Close() error { return nil }
