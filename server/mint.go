package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rapidbott/tideboard/server/access"
)

// mint prints an embed token, for trying out what an integrator's own program does.
func mint(args []string, out io.Writer, now time.Time) error {
	flags := flag.NewFlagSet("mint-embed-token", flag.ContinueOnError)
	workspace := flags.String("workspace", "", "the partner's id of the workspace")
	member := flags.String("member", "", "the partner's id of the member")
	email := flags.String("email", "", "the member's address; optional")
	name := flags.String("name", "", "the member's name; optional")
	role := flags.String("role", "", "a role that gives less than the member has; optional")
	pipelines := flags.String("pipelines", "", "ids of the pipelines to narrow the session to, parted by commas; optional")
	readOnly := flags.Bool("read-only", false, "a session that may only read")
	term := flags.Duration("term", time.Minute, "how long the token is good, at most 5m")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *workspace == "" || *member == "" || flags.NArg() > 0 {
		return fmt.Errorf("usage: server mint-embed-token --workspace ID --member ID [--email … --name … --role … --pipelines ID,ID --read-only --term 1m]")
	}
	keys, err := embedKeys()
	if err != nil {
		return err
	}
	var scope *access.EmbedScope
	if *pipelines != "" || *readOnly {
		scope = &access.EmbedScope{ReadOnly: *readOnly}
		if *pipelines != "" {
			scope.PipelineIDs = strings.Split(*pipelines, ",")
		}
	}
	token, err := keys.Mint(access.EmbedClaims{RegisteredClaims: jwt.RegisteredClaims{Subject: *member}, WorkspaceID: *workspace,
		Email: *email, Name: *name, Role: *role}, scope, now, *term)
	if err != nil {
		return fmt.Errorf("CRM_EMBED_TOKEN_SECRET: %w", err)
	}
	_, err = fmt.Fprintln(out, token)
	return err
}
