package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

const (
	postgresConns    = 24
	postgresIdleTime = 5 * time.Minute
	postgresLifetime = time.Hour
)

func openPostgres(ctx context.Context, url string, opts Options) (*DB, error) {
	cfg, err := pq.NewConfig(url)
	if err != nil {
		return nil, errors.New("the PostgreSQL URL cannot be read: it must be postgres://user:password@host:port/database")
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	// The driver gives times in the session's zone.
	cfg.Runtime["timezone"] = "UTC"
	// Statements are kept and take their values as arguments: a plan made once serves all of them, and planning a
	// board's statement takes longer than running it.
	cfg.Runtime["plan_cache_mode"] = "force_generic_plan"
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "tideboard"
	}
	open, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, err
	}
	conns := opts.Conns
	if conns == 0 {
		conns = postgresConns
	}
	db := sql.OpenDB(&connector{open: open})
	db.SetMaxOpenConns(conns)
	// Every connection keeps its prepared statements, so all of them may stay.
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(postgresIdleTime)
	db.SetConnMaxLifetime(postgresLifetime)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &DB{Dialect: Postgres, SQL: postgresDialect{}, Write: db, Read: db}, nil
}

// postgresDialect is PostgreSQL.
type postgresDialect struct{}

func (postgresDialect) Name() string { return Postgres }

func (postgresDialect) Placeholder(n int) string { return "$" + strconv.Itoa(n) }

// Contains casts the argument: without it the server cannot tell text from bytea in a prepared statement.
func (postgresDialect) Contains(column, arg string) string {
	return "strpos(" + column + ", " + arg + "::text) > 0"
}

// Member casts the argument: else the server takes it for a place in a list.
func (postgresDialect) Member(column, arg string) string {
	return "((" + column + " ->> " + arg + "::text) COLLATE \"C\")"
}

func (postgresDialect) Earlier(arg, hours string) string {
	return "(" + arg + "::timestamptz - make_interval(hours => (" + hours + ")::int))"
}

func (postgresDialect) Lock() string { return " FOR UPDATE" }

func (postgresDialect) Share(alias string) string { return " FOR SHARE OF " + alias }

// IsUnique reads the columns out of the detail, which in every language begins with them:
// "Key (workspace_id, external_id)=(…) already exists." Without a detail the constraint's own name is given.
func (postgresDialect) IsUnique(err error) (string, bool) {
	e := postgresError(err)
	if e == nil || e.Code != pqerror.UniqueViolation {
		return "", false
	}
	_, columns, begun := strings.Cut(e.Detail, "(")
	columns, _, ended := strings.Cut(columns, ")=(")
	if !begun || !ended {
		return e.Constraint, true
	}
	return e.Table + "(" + columns + ")", true
}

func (postgresDialect) IsForeignKey(err error) bool {
	e := postgresError(err)
	return e != nil && e.Code == pqerror.ForeignKeyViolation
}

func (postgresDialect) IsRetryable(err error) bool {
	e := postgresError(err)
	return e != nil && (e.Code == pqerror.TRSerializationFailure || e.Code == pqerror.TRDeadlockDetected)
}

func postgresError(err error) *pq.Error {
	var e *pq.Error
	if !errors.As(err, &e) {
		return nil
	}
	return e
}
