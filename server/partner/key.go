package partner

import (
	"context"
	"net/http"
)

// keyAnswer says for which workspace the key is good.
type keyAnswer struct {
	WorkspaceID *string `json:"workspace_id"`
}

// CheckKey implements API. A text that can be no key is refused without asking.
func (c *Client) CheckKey(ctx context.Context, workspaceID, key string) error {
	if !canBeID(workspaceID) {
		return ErrNotFound
	}
	if !canBeKey(key) {
		return ErrKeyRefused
	}
	_, err := ask(ctx, c, request{method: http.MethodGet, path: workspacePath(workspaceID) + "/key", workspace: workspaceID, key: key, safe: true},
		func(a *keyAnswer, p *proof) struct{} {
			p.same("workspace_id", a.WorkspaceID, workspaceID)
			return struct{}{}
		})
	return err
}
