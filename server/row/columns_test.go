package row_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/company"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/workspace"
	"github.com/rapidbott/tideboard/server/row"
)

// Columns, destinations and image keys are three lists of the same things; ent's tables are the fourth.
func TestRowsScanAndDecodeTheColumnsOfTheirTables(t *testing.T) {
	for _, c := range []struct {
		row     any
		dest    int
		columns []string
		table   []string
	}{
		{row.Workspace{}, len((&row.Workspace{}).Dest()), row.WorkspaceColumns, workspace.Columns},
		{row.Member{}, len((&row.Member{}).Dest()), row.MemberColumns, member.Columns},
		{row.Pipeline{}, len((&row.Pipeline{}).Dest()), row.PipelineColumns, pipeline.Columns},
		{row.Stage{}, len((&row.Stage{}).Dest()), row.StageColumns, stage.Columns},
		{row.Record{}, len((&row.Record{}).Dest()), row.RecordColumns, record.Columns},
		{row.Contact{}, len((&row.Contact{}).Dest()), row.ContactColumns, contact.Columns},
		{row.Company{}, len((&row.Company{}).Dest()), row.CompanyColumns, company.Columns},
		{row.Task{}, len((&row.Task{}).Dest()), row.TaskColumns, task.Columns},
	} {
		typ := reflect.TypeOf(c.row)
		t.Run(typ.Name(), func(t *testing.T) {
			require.Len(t, c.columns, c.dest)
			for _, name := range c.columns {
				require.Contains(t, c.table, name)
			}
			for i := range typ.NumField() {
				if name := strings.Split(typ.Field(i).Tag.Get("json"), ",")[0]; name != "" && name != "-" {
					require.True(t, slices.Contains(c.columns, name), "%s is decoded from images but not scanned", name)
				}
			}
		})
	}
}
