package crm

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// The names of the secrets a workspace can have.
const (
	PartnerKey   = "PARTNER_KEY"
	SaleschatKey = "SALESCHAT_KEY"
)

var secretNames = []string{PartnerKey, SaleschatKey}

// ErrPartnerKeyRefused says that the partner does not take a key for a workspace.
var ErrPartnerKeyRefused = errors.New("crm: the partner refuses the key")

// PartnerKeys tries keys at the partner.
type PartnerKeys interface {
	// CheckKey tries a workspace's own key: nil when the partner takes it, ErrPartnerKeyRefused when not, any other error
	// when nobody can tell.
	CheckKey(ctx context.Context, partnerWorkspaceID, key string) error
}

// WorkspaceSettings are all that can be shown of a workspace's settings.
type WorkspaceSettings struct {
	General *row.Workspace
	Settings
	Secrets []*row.Secret
}

// SetPartnerKeyInput is a workspace's own key at the partner; see the SDL.
type SetPartnerKeyInput struct {
	Key              *string
	ClientMutationID *string
}

// SetPartnerKeyPayload tells that a secret is set, or not any more.
type SetPartnerKeyPayload struct {
	Secret           *row.Secret
	Revision         row.Revision
	ClientMutationID *string
}

// SetSaleschatKeyInput is a workspace's key at Saleschat; see the SDL.
type SetSaleschatKeyInput = SetPartnerKeyInput

// SetSaleschatKeyPayload tells that a secret is set, or not any more.
type SetSaleschatKeyPayload = SetPartnerKeyPayload

// SetPartnerKey keeps the workspace's own key at the partner, sealed; nothing or blanks forget it. It is tried first:
// PARTNER_KEY_INVALID when the partner refuses it, UPSTREAM_UNAVAILABLE when the partner cannot be asked; either way the
// key kept before stays. Needs a member's session with ManageSettings.
func (s *Service) SetPartnerKey(ctx context.Context, in SetPartnerKeyInput) (*SetPartnerKeyPayload, error) {
	return s.setSecret(ctx, PartnerKey, in, s.tryPartnerKey)
}

// SetSaleschatKey keeps the workspace's key at Saleschat, sealed; nothing or blanks forget it. Needs a member's session
// with ManageSettings.
func (s *Service) SetSaleschatKey(ctx context.Context, in SetSaleschatKeyInput) (*SetSaleschatKeyPayload, error) {
	return s.setSecret(ctx, SaleschatKey, in, nil)
}

func (s *Service) tryPartnerKey(ctx context.Context, key string) error {
	down := fault.New(fault.Upstream, "the partner cannot be asked about the key now; nothing was stored, try again")
	if s.Partner == nil {
		return down
	}
	var id string
	text, args := scope.New(viewer.FromContext(ctx), s.DB.SQL).Add("SELECT w.partner_workspace_id FROM workspaces w WHERE ").Own("w").SQL()
	if err := s.DB.QueryRow(ctx, text, args...).Scan(&id); err != nil {
		return err
	}
	err := s.Partner.CheckKey(ctx, id, key)
	switch {
	case errors.Is(err, ErrPartnerKeyRefused):
		return fault.At("input.key", fault.PartnerKeyInvalid, "the partner refuses the key; nothing was stored")
	case err != nil:
		return down
	}
	return nil
}

func (s *Service) setSecret(ctx context.Context, name string, in SetPartnerKeyInput, try func(context.Context, string) error) (*SetPartnerKeyPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	c, key := &checker{}, ""
	if in.Key != nil {
		key = strings.TrimSpace(*in.Key)
		c.sound("input.key", key, 512)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	var checked *time.Time
	if key != "" {
		if s.Box == nil {
			return nil, fault.New(fault.Forbidden, "this deployment keeps no secrets: it has no key to seal them with")
		}
		if try != nil {
			if err := try(ctx, key); err != nil {
				return nil, err
			}
			at := s.Now().UTC().Truncate(time.Microsecond)
			checked = &at
		}
	}
	out := &SetPartnerKeyPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		changed, err := tx.keepSecret(name, key, checked)
		if err == nil && changed {
			err = tx.toldSecret(name, key != "")
		}
		if err == nil {
			out.Secret, err = tx.secret(name)
		}
		return err
	})
	out.Revision = rev
	return out, err
}

// keepSecret stores a secret, sealed, or removes it; it tells whether there was anything to do.
func (tx *Tx) keepSecret(name, secret string, checked *time.Time) (bool, error) {
	if secret == "" {
		n, err := tx.run(tx.begin().Add("DELETE FROM secrets AS s WHERE ").Workspace("s").Add(" AND s.name = ?", name))
		return n > 0, err
	}
	by, result := jsonValue(tx.viewer.Actor()), (*string)(nil)
	if checked != nil {
		accepted := "ACCEPTED"
		result = &accepted
	}
	_, err := tx.run(tx.begin().Upsert("secrets", []string{"name"}, []string{"sealed", "last4", "set_at", "set_by", "checked_at", "check_result"},
		name, tx.Box.Seal("secret", place(tx.viewer.WorkspaceID, name), []byte(secret)), last4(secret), tx.now, string(by), checked, result))
	return true, err
}

// toldSecret tells both logs that a secret changed, and nothing of it.
func (tx *Tx) toldSecret(name string, configured bool) error {
	if err := tx.Audit("settings.secret_changed", "", map[string]any{"secret": name, "value": "changed", "configured": configured}); err != nil {
		return err
	}
	return tx.Say("settings.updated", "settings", tx.viewer.WorkspaceID, map[string]any{"secret": name, "configured": configured})
}

// place is what a secret is sealed for: one workspace and one name.
func place(workspaceID, name string) string { return workspaceID + " " + name }

// last4 are the last characters of a secret, when they tell little of it.
func last4(secret string) string {
	if r := []rune(secret); len(r) >= 12 {
		return string(r[len(r)-4:])
	}
	return ""
}

// Secret opens a workspace's secret for a call that needs it; nil when it has none. Whoever gets it shows and logs it
// nowhere.
func (s *Service) Secret(ctx context.Context, workspaceID, name string) ([]byte, error) {
	var sealed []byte
	text, args := scope.New(viewer.ForSystem(workspaceID), s.DB.SQL).Add("SELECT s.sealed FROM secrets s WHERE ").Workspace("s").
		Add(" AND s.name = ?", name).SQL()
	err := s.DB.QueryRow(ctx, text, args...).Scan(&sealed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case s.Box == nil:
		return nil, errors.New("crm: a secret is stored, and there is no key to open it with")
	}
	return s.Box.Open("secret", place(workspaceID, name), sealed)
}

// Settings shows the settings. Any member may see them; what is told of secrets beyond that they are set needs
// ManageSettings.
func (s *Service) Settings(ctx context.Context) (out *WorkspaceSettings, err error) {
	if err := attends(ctx); err != nil {
		return nil, err
	}
	v := viewer.FromContext(ctx)
	w := &row.Workspace{}
	text, args := scope.New(v, s.DB.SQL).Add("SELECT ").Columns("w", row.WorkspaceColumns).Add(" FROM workspaces w WHERE ").Own("w").SQL()
	if err := s.DB.QueryRow(ctx, text, args...).Scan(w.Dest()...); err != nil {
		return nil, err
	}
	text, args = secretsText(scope.New(v, s.DB.SQL)).SQL()
	rows, err := s.DB.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	secrets, err := scanSecrets(rows)
	if !v.Can(viewer.ManageSettings) {
		for i, one := range secrets {
			secrets[i] = &row.Secret{Name: one.Name, Configured: one.Configured}
		}
	}
	return &WorkspaceSettings{w, SettingsOf(w.Settings), secrets}, err
}

// showSettings shows the settings as the transaction leaves them.
func (tx *Tx) showSettings(w *ent.Workspace) (*WorkspaceSettings, error) {
	secrets, err := tx.secrets()
	shown := changelog.Row[row.Workspace](w)
	return &WorkspaceSettings{shown, SettingsOf(shown.Settings), secrets}, err
}

func (tx *Tx) secret(name string) (*row.Secret, error) {
	all, err := tx.secrets()
	if err != nil {
		return nil, err
	}
	return all[slices.IndexFunc(all, func(s *row.Secret) bool { return s.Name == name })], nil
}

func (tx *Tx) secrets() ([]*row.Secret, error) {
	text, args := secretsText(tx.begin()).SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return scanSecrets(rows)
}

func secretsText(b *scope.Builder) *scope.Builder {
	return b.Add("SELECT s.name, s.last4, s.set_at, s.set_by, s.checked_at, s.check_result FROM secrets s WHERE ").Workspace("s")
}

// scanSecrets gives every secret there can be, set or not, in the order of their names.
func scanSecrets(rows *sql.Rows) ([]*row.Secret, error) {
	defer rows.Close()
	found := map[string]*row.Secret{}
	for rows.Next() {
		s, at, checked, result := &row.Secret{Configured: true, SetBy: &row.Actor{}}, time.Time{}, sql.Null[time.Time]{}, sql.Null[string]{}
		if err := rows.Scan(&s.Name, &s.Last4, row.UTC(&at), s.SetBy, &checked, &result); err != nil {
			return nil, err
		}
		if s.SetAt = &at; *s.Last4 == "" {
			s.Last4 = nil
		}
		if checked.Valid {
			s.LastCheck = &row.SecretCheck{At: checked.V.UTC(), Result: result.V}
		}
		found[s.Name] = s
	}
	out := []*row.Secret{}
	for _, name := range secretNames {
		if found[name] == nil {
			found[name] = &row.Secret{Name: name}
		}
		out = append(out, found[name])
	}
	return out, rows.Err()
}
