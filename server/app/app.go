// Package app puts the parts of a server together: database, change log, boards, commands, API and transports. It
// promises that Close ends every goroutine it started.
package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/graph"
	"github.com/rapidbott/tideboard/migrations"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/audit"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/httpd"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/rest"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/watch"
)

// Config is what a server is made of.
type Config struct {
	DatabaseURL string
	VarDir      string
	Origins     []string
	Logger      *slog.Logger
	Limits      graph.Limits
	HTTP        httpd.Limits
	// Plans are the caps of the partner's plans; none means no cap.
	Plans crm.Plans
	// Box seals the workspaces' secrets; without one none can be stored.
	Box *seal.Box
	// PartnerKeys tries workspaces' own keys at the partner; nil when no partner is reached.
	PartnerKeys crm.PartnerKeys
	// Now is the one clock of all rules about time; nil means the real one.
	Now func() time.Time
}

// App is a running server without its listener.
type App struct {
	DB     *store.DB
	Hub    *changelog.Hub
	Boards *board.Boards
	CRM    *crm.Service
	Gate   *access.Gate
	Engine *graph.Engine
	HTTP   *httpd.Server
	Jobs   *job.Runner

	bell   *changelog.PostgresBell
	uses   *access.Uses
	keeper *access.Keeper
	stop   context.CancelFunc
	ended  chan struct{}
	logger *slog.Logger
	now    func() time.Time
}

// New opens the database, brings it up to date, and starts the server's parts.
func New(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	db, err := store.Open(ctx, cfg.DatabaseURL, store.Options{VarDir: cfg.VarDir})
	if err != nil {
		return nil, err
	}
	if err := migrations.Apply(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	a := &App{DB: db, logger: cfg.Logger, now: cfg.Now, Gate: access.New(db), ended: make(chan struct{})}
	a.Hub = changelog.NewHub(changelog.Log{DB: db}, cfg.Logger)
	a.Boards = board.New(db, a.Hub, cfg.Logger)
	announce := a.Hub.Committed
	if db.Dialect == store.Postgres {
		if a.bell, err = changelog.NewPostgresBell(db, cfg.DatabaseURL, a.Hub, cfg.Logger); err != nil {
			a.Hub.Close()
			db.Close()
			return nil, err
		}
		announce = func(c *changelog.Commit) {
			a.Hub.Committed(c)
			a.bell.Committed(c)
		}
	}
	a.CRM = crm.New(db, announce)
	a.CRM.Now, a.Gate.Now = cfg.Now, cfg.Now
	a.CRM.Plans, a.CRM.Box, a.CRM.Partner = cfg.Plans, cfg.Box, cfg.PartnerKeys
	a.uses = access.NewUses(db, cfg.Now, cfg.Logger)
	a.Gate.Used = a.uses.Used
	a.Jobs = &job.Runner{DB: db, Kinds: map[string]job.Work{crm.WipeKind: a.CRM.Wipe}, Told: a.tellJob, Now: cfg.Now, Logger: cfg.Logger}
	a.CRM.Jobs = a.Jobs.Kick
	if cfg.Limits == (graph.Limits{}) {
		cfg.Limits = graph.DefaultLimits
	}
	a.Engine = graph.NewEngine(&graph.Resolver{CRM: a.CRM, Boards: a.Boards, Log: &watch.Log{DB: db, Hub: a.Hub, Refresh: a.Gate.Refresh},
		Read: read.Reader{DB: db}}, cfg.Limits, cfg.Logger)
	api := rest.New(rest.Config{CRM: a.CRM, Read: read.Reader{DB: db}, Logger: cfg.Logger,
		Authenticate: func(r *http.Request) (*viewer.Viewer, error) { return a.HTTP.Viewer(r) }})
	a.HTTP = httpd.New(httpd.Config{Rest: api, Engine: a.Engine, Access: gate{a.Gate, a}, Ready: a.ready, Origins: cfg.Origins, Logger: cfg.Logger, Limits: cfg.HTTP})
	a.keeper = access.NewKeeper(a.Hub, a.HTTP.Renew, cfg.Logger)
	var jobs context.Context
	jobs, a.stop = context.WithCancel(context.Background())
	go a.housekeep(jobs)
	a.Jobs.Start()
	return a, nil
}

// Handler answers HTTP and websocket requests.
func (a *App) Handler() http.Handler { return a.HTTP }

// Close ends everything, open sockets first.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := a.HTTP.Shutdown(ctx)
	a.stop()
	a.Jobs.Close()
	<-a.ended
	a.keeper.Close()
	a.uses.Close()
	if a.bell != nil {
		a.bell.Close()
	}
	a.Boards.Close()
	a.Hub.Close()
	if e := a.DB.Close(); err == nil {
		err = e
	}
	return err
}

// ready reaches the database.
func (a *App) ready(ctx context.Context) error { return a.DB.Read.PingContext(ctx) }

// tellJob puts a job's progress into the log; a job whose progress cannot be told goes on.
func (a *App) tellJob(ctx context.Context, j *job.Job) {
	if err := a.CRM.TellJob(ctx, j); err != nil && ctx.Err() == nil {
		a.logger.Error("tell of a job", "job", j.ID, "err", err)
	}
}

// housekeep forgets the oldest changes and audit entries, once a day.
func (a *App) housekeep(ctx context.Context) {
	defer close(a.ended)
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		n, err := changelog.Trim(ctx, a.DB, changelog.DefaultRetention, a.now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.logger.Error("trim the change log", "err", err)
		case n > 0:
			a.logger.Info("trimmed the change log", "changes", n)
		}
		if err := audit.Trim(ctx, a.DB, a.now()); err != nil && ctx.Err() == nil {
			a.logger.Error("trim the audit log", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// gate asks access for a credential of either kind.
type gate struct {
	*access.Gate
	app *App
}

// Opened has the keeper see to a socket.
func (g gate) Opened(ctx context.Context, v *viewer.Viewer) (bool, error) {
	return g.app.keeper.Opened(ctx, v)
}

// Closed takes back one Opened.
func (g gate) Closed(v *viewer.Viewer) { g.app.keeper.Closed(v) }

// Authenticate lets a bearer of a session token or an API key in; a key may come as a bearer too.
func (g gate) Authenticate(ctx context.Context, c httpd.Credential) (*viewer.Viewer, error) {
	switch {
	case c.APIKey != "" && c.Bearer != "":
		return nil, fault.New(fault.Unauthenticated, "one credential, not two")
	case c.APIKey != "":
		return g.Key(ctx, c.APIKey)
	case len(c.Bearer) > len(access.KeyPrefix) && c.Bearer[:len(access.KeyPrefix)] == access.KeyPrefix:
		return g.Key(ctx, c.Bearer)
	}
	return g.Session(ctx, c.Bearer)
}
