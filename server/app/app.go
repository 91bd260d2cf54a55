// Package app puts the parts of a server together: database, change log, boards, commands, API and transports. It
// promises that Close ends every goroutine it started.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
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
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/presence"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/rest"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
	"github.com/rapidbott/tideboard/server/watch"
	"github.com/rapidbott/tideboard/web"
)

// Config is what a server is made of.
type Config struct {
	DatabaseURL string
	VarDir      string
	Origins     []string
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Box seals what is secret; nil takes or makes the key in VarDir.
	Box *seal.Box
	// Partner says where the partner is; without an address there is none, and nobody logs in.
	Partner partner.Config
	// PartnerMails has the partner's system mail take our mails.
	PartnerMails bool
	// SMTP is the mail server: the only way out, or the one for what the partner's system mail does not take.
	SMTP mail.Config
	// Mailbox keeps mails where no sender is configured, and shows them under /dev/mailbox. For development.
	Mailbox bool
	// Sender takes mails in place of all of these, if it is not nil.
	Sender mail.Sender
	// Plans are those of the partner that make eligible; nil means the default ladder.
	Plans *access.Plans
	// Caps are what the partner's plans have room for; none means no cap.
	Caps crm.Plans
	// PartnerKeys tries workspaces' own keys in place of the partner, if it is not nil.
	PartnerKeys crm.PartnerKeys
	// Embed are the secrets of embed tokens.
	Embed  access.EmbedKeys
	Logger *slog.Logger
	Limits graph.Limits
	HTTP   httpd.Limits
	// InviteURL is the page that accepts invitations; its fragment carries the token. Empty means /invitation.
	InviteURL string
	// Members is whoever knows the partner's members; nil means the partner, if there is one.
	Members crm.MemberSource
	// PresenceTick is how often presence is written down; zero means each second, less than zero only when told.
	PresenceTick time.Duration
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
	// Presence is to be told of requests and sockets.
	Presence *presence.Tracker
	Roster   *crm.Roster
	// Eligibility knows which workspaces may use the product, Logins lets people in, Outbox sends mails.
	Eligibility *access.Eligibility
	Logins      *access.Logins
	Outbox      *mail.Outbox
	// Jobs does what takes longer than a request.
	Jobs *job.Runner

	bell    *changelog.PostgresBell
	keeper  *access.Keeper
	uses    *access.Uses
	client  *partner.Client // nil without a partner, and so is asked
	asked   *partner.Cached
	mailbox *mail.Mailbox // nil unless it takes the mails
	stop    context.CancelFunc
	work    sync.WaitGroup // housekeep, the outbox and the boards' clock
	logger  *slog.Logger
	now     func() time.Time
}

// New opens the database, brings it up to date, and starts the server's parts.
func New(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	asked, err := web.Operations()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, cfg.DatabaseURL, store.Options{VarDir: cfg.VarDir})
	if err != nil {
		return nil, err
	}
	if err := migrations.Apply(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	a := &App{DB: db, logger: cfg.Logger, now: cfg.Now, Gate: access.New(db)}
	a.Hub = changelog.NewHub(changelog.Log{DB: db}, cfg.Logger)
	a.Boards = board.New(db, a.Hub, cfg.Logger)
	a.Boards.Now = cfg.Now
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
	a.CRM.Now, a.CRM.Plans, a.Gate.Now = cfg.Now, cfg.Caps, cfg.Now
	if cfg.PresenceTick == 0 {
		cfg.PresenceTick = time.Second
	}
	if cfg.Limits == (graph.Limits{}) {
		cfg.Limits = graph.DefaultLimits
	}
	if err := a.open(cfg); err != nil {
		return nil, errors.Join(err, a.shut())
	}
	a.Presence = presence.New(a.CRM, cfg.PresenceTick, cfg.Logger)
	a.CRM.Inviting, a.CRM.Online = a.inviting(cfg), a.online
	a.Roster = &crm.Roster{Service: a.CRM, Source: a.memberSource(cfg), Logger: cfg.Logger}
	sessions := &access.Sessions{CRM: a.CRM, Now: cfg.Now}
	a.Engine = graph.NewEngine(&graph.Resolver{CRM: a.CRM, Boards: a.Boards, Log: &watch.Log{DB: db, Hub: a.Hub, Refresh: a.Gate.Refresh},
		Read: read.Reader{DB: db}, Roster: a.Roster, Presence: a.Presence, Sessions: sessions}, cfg.Limits, cfg.Logger)
	a.Engine.Now = cfg.Now
	a.Engine.Know(asked)
	api := rest.New(rest.Config{CRM: a.CRM, Read: read.Reader{DB: db}, Roster: a.Roster, Presence: a.Presence, Logger: cfg.Logger, Gate: a.Gate,
		Logins: a.Logins, Sessions: sessions,
		Authenticate: func(r *http.Request) (*viewer.Viewer, error) { return a.HTTP.Viewer(r) }})
	a.HTTP = httpd.New(httpd.Config{Rest: api, Engine: a.Engine, Access: gate{a.Gate, a}, Ready: a.ready, Origins: cfg.Origins, Proxies: cfg.Proxies,
		Logger: cfg.Logger, Limits: cfg.HTTP, Mailbox: a.mailboxPage(),
		Pages:          httpd.Pages{Files: web.Files(), HowToBuild: web.HowToBuild()},
		FrameAncestors: func(ctx context.Context, id string) (string, error) { return access.FrameAncestors(ctx, db, id) }})
	a.keeper = access.NewKeeper(a.Hub, a.HTTP.Renew, cfg.Logger)
	var jobs context.Context
	jobs, a.stop = context.WithCancel(context.Background())
	a.work.Go(func() { a.housekeep(jobs) })
	a.work.Go(func() { a.Outbox.Run(jobs) })
	a.work.Go(func() { a.reassign(jobs) })
	a.work.Go(func() { a.Boards.Run(jobs) })
	a.startJobs(cfg)
	return a, nil
}

// Handler answers HTTP and websocket requests.
func (a *App) Handler() http.Handler { return a.HTTP }

// Close ends everything, open sockets first.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := a.HTTP.Shutdown(ctx)
	a.Presence.Close()
	a.stop()
	a.Jobs.Close()
	a.work.Wait()
	a.keeper.Close()
	a.uses.Close()
	return errors.Join(err, a.shut())
}

// shut ends what New opened before anything ran.
func (a *App) shut() error {
	if a.asked != nil {
		a.asked.Close()
		a.client.Close()
	}
	if a.bell != nil {
		a.bell.Close()
	}
	a.Boards.Close()
	a.Hub.Close()
	return a.DB.Close()
}

// ready reaches the database.
func (a *App) ready(ctx context.Context) error { return a.DB.Read.PingContext(ctx) }

// housekeep forgets the oldest changes and audit entries and what logins leave behind, marks invitations that are over, and
// takes away for good what was deleted more than 30 days ago, once a day.
func (a *App) housekeep(ctx context.Context) {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		n, err := changelog.TrimEach(ctx, a.DB, crm.Retention, a.now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.logger.Error("trim the change log", "err", err)
		case n > 0:
			a.logger.Info("trimmed the change log", "changes", n)
		}
		if err := a.CRM.ExpireInvitations(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("mark invitations that are over", "err", err)
		}
		if n, err := a.CRM.Purge(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("take away what was deleted long ago", "err", err)
		} else if n != (crm.Purged{}) {
			a.logger.Info("took away what was deleted long ago", "records", n.Records, "stages", n.Stages, "pipelines", n.Pipelines)
		}
		if err := access.Sweep(ctx, a.DB, a.now()); err != nil && ctx.Err() == nil {
			a.logger.Error("sweep what logins left", "err", err)
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
	anew, err := g.app.keeper.Opened(ctx, v)
	if err == nil {
		g.app.Presence.Opened(v)
	}
	return anew, err
}

// Active keeps a session alive whose member works on a socket.
func (g gate) Active(ctx context.Context, v *viewer.Viewer) {
	g.app.Presence.Seen(v)
	if err := g.Gate.Active(ctx, v); err != nil && ctx.Err() == nil {
		g.app.logger.Error("note that a session is in use", "err", err)
	}
}

// Closed takes back one Opened.
func (g gate) Closed(v *viewer.Viewer) {
	g.app.keeper.Closed(v)
	g.app.Presence.Closed(v)
}

// Authenticate lets a bearer of a session token or an API key in; a key may come as a bearer too.
func (g gate) Authenticate(ctx context.Context, c httpd.Credential) (*viewer.Viewer, error) {
	v, err := g.admit(ctx, c)
	if err == nil {
		g.app.Presence.Seen(v)
	}
	return v, err
}

func (g gate) admit(ctx context.Context, c httpd.Credential) (*viewer.Viewer, error) {
	switch {
	case c.APIKey != "" && c.Bearer != "":
		return nil, fault.New(fault.Unauthenticated, "one credential, not two")
	case c.APIKey != "":
		return g.Key(ctx, c.APIKey)
	case c.Cookie != "":
		return g.Session(ctx, c.Cookie)
	case len(c.Bearer) > len(access.KeyPrefix) && c.Bearer[:len(access.KeyPrefix)] == access.KeyPrefix:
		return g.Key(ctx, c.Bearer)
	}
	return g.Session(ctx, c.Bearer)
}
