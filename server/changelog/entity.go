package changelog

import (
	"context"
	"fmt"

	gen "github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/company"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/invitation"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/team"
	"github.com/rapidbott/tideboard/ent/workspace"
)

// entity is what the log needs to know of a logged entity.
type entity struct {
	name     string
	id       func(any) string
	pipeline func(any) *string
	load     func(ctx context.Context, c *gen.Client, ids []string) error
}

// entities are the logged ones, by ent's type name.
var entities = map[string]entity{
	gen.TypeWorkspace: {"workspace", func(v any) string { return v.(*gen.Workspace).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Workspace.Query().Where(workspace.IDIn(ids...)).All(ctx))
		}},
	gen.TypeMember: {"member", func(v any) string { return v.(*gen.Member).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Member.Query().Where(member.IDIn(ids...)).All(ctx))
		}},
	gen.TypeTeam: {"team", func(v any) string { return v.(*gen.Team).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Team.Query().Where(team.IDIn(ids...)).All(ctx))
		}},
	gen.TypeInvitation: {"invitation", func(v any) string { return v.(*gen.Invitation).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Invitation.Query().Where(invitation.IDIn(ids...)).All(ctx))
		}},
	gen.TypePipeline: {"pipeline", func(v any) string { return v.(*gen.Pipeline).ID },
		func(v any) *string { return &v.(*gen.Pipeline).ID },
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Pipeline.Query().Where(pipeline.IDIn(ids...)).All(ctx))
		}},
	gen.TypeStage: {"stage", func(v any) string { return v.(*gen.Stage).ID },
		func(v any) *string { return &v.(*gen.Stage).PipelineID },
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Stage.Query().Where(stage.IDIn(ids...)).All(ctx))
		}},
	gen.TypeRecord: {"record", func(v any) string { return v.(*gen.Record).ID },
		func(v any) *string { return &v.(*gen.Record).PipelineID },
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Record.Query().Where(record.IDIn(ids...)).All(ctx))
		}},
	gen.TypeContact: {"contact", func(v any) string { return v.(*gen.Contact).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Contact.Query().Where(contact.IDIn(ids...)).All(ctx))
		}},
	gen.TypeCompany: {"company", func(v any) string { return v.(*gen.Company).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Company.Query().Where(company.IDIn(ids...)).All(ctx))
		}},
	gen.TypeTask: {"task", func(v any) string { return v.(*gen.Task).ID }, nowhere,
		func(ctx context.Context, c *gen.Client, ids []string) error {
			return loaded(c.Task.Query().Where(task.IDIn(ids...)).All(ctx))
		}},
}

func nowhere(any) *string { return nil }

// loaded forgets the rows: the interceptor of Attach has remembered them.
func loaded[T any](_ []T, err error) error { return err }

// load makes sure that all these rows are known.
func (r *Recorder) load(ctx context.Context, c *gen.Client, typ string, ids []string) error {
	var missing []string
	for _, id := range ids {
		if r.known[id] == nil {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := entities[typ].load(ctx, c, missing); err != nil {
		return err
	}
	for _, id := range missing {
		if r.known[id] == nil {
			return fmt.Errorf("changelog: %s %s cannot be read back", typ, id)
		}
	}
	return nil
}
