package app

import (
	"context"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/job"
	"github.com/rapidbott/tideboard/server/partner"
)

// startJobs begins what goes on beside requests: jobs, and counting the uses of keys.
func (a *App) startJobs(cfg Config) {
	switch {
	case cfg.PartnerKeys != nil:
		a.CRM.Partner = cfg.PartnerKeys
	case a.client != nil:
		a.CRM.Partner = keys{a.client}
	}
	a.uses = access.NewUses(a.DB, cfg.Now, cfg.Logger)
	a.Gate.Used = a.uses.Used
	a.CRM.Rights = a.Gate.Refresh
	works := map[string]job.Work{crm.WipeKind: a.CRM.Wipe, crm.DuplicateKind: a.CRM.DuplicateLater}
	for _, kind := range crm.BulkKinds {
		works[kind] = a.CRM.Bulk
	}
	a.Jobs = &job.Runner{DB: a.DB, Kinds: works, Told: a.tellJob, Now: cfg.Now, Logger: cfg.Logger}
	a.CRM.Jobs = a.Jobs.Kick
	a.Jobs.Start()
}

// reassignEvery is how often it is asked which workspaces' daily reassignment is due.
const reassignEvery = 5 * time.Minute

// reassign does the daily reassignment of idle records where it is due.
func (a *App) reassign(ctx context.Context) {
	tick := time.NewTicker(reassignEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.CRM.ReassignDue(ctx); err != nil && ctx.Err() == nil {
			a.logger.Error("reassign idle records", "err", err)
		}
	}
}

// online tells which members are online, on any process.
func (a *App) online(ctx context.Context, ids []string) (map[string]bool, error) {
	states, err := a.Presence.Of(ctx, ids)
	out := map[string]bool{}
	for i, s := range states {
		out[ids[i]] = s.Online
	}
	return out, err
}

// tellJob puts a job's progress into the log; a job whose progress cannot be told goes on.
func (a *App) tellJob(ctx context.Context, j *job.Job) {
	if err := a.CRM.TellJob(ctx, j); err != nil && ctx.Err() == nil {
		a.logger.Error("tell of a job", "job", j.ID, "err", err)
	}
}

// keys tries workspaces' own keys at the partner.
type keys struct{ *partner.Client }

func (k keys) CheckKey(ctx context.Context, workspaceID, key string) error {
	err := k.Client.CheckKey(ctx, workspaceID, key)
	if errors.Is(err, partner.ErrKeyRefused) || errors.Is(err, partner.ErrNotFound) {
		return crm.ErrPartnerKeyRefused
	}
	return err
}
