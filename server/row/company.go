package row

import "time"

// Company is an organisation.
type Company struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Domain       *string    `json:"domain"`
	Website      *string    `json:"website"`
	Industry     *string    `json:"industry"`
	Description  *string    `json:"description"`
	Phones       []string   `json:"phones"`
	Emails       []string   `json:"emails"`
	ExternalID   *string    `json:"external_id"`
	OwnerID      *string    `json:"owner_id"`
	Tags         []string   `json:"tags"`
	CustomFields JSON       `json:"custom_fields"`
	Source       string     `json:"source"`
	CreatedBy    Actor      `json:"created_by"`
	UpdatedBy    Actor      `json:"updated_by"`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
	DeletedAt    *time.Time `json:"deleted_at"`
	Version      int        `json:"version"`

	SortName string `json:"-"`
	// Owner, where the reader knew it.
	Owner *Member `json:"-"`
}

// CompanyColumns are the columns of Dest, in its order.
var CompanyColumns = cols(`id name domain website industry description phones emails external_id owner_id tags custom_fields
	source created_by updated_by created_at updated_at deleted_at version sort_name`)

// Dest gives what to scan CompanyColumns into.
func (c *Company) Dest() []any {
	return []any{&c.ID, &c.Name, &c.Domain, &c.Website, &c.Industry, &c.Description, (*Strings)(&c.Phones), (*Strings)(&c.Emails),
		&c.ExternalID, &c.OwnerID, (*Strings)(&c.Tags), &c.CustomFields, &c.Source, &c.CreatedBy, &c.UpdatedBy, utc{&c.CreatedAt},
		utc{&c.UpdatedAt}, utcPtr{&c.DeletedAt}, &c.Version, &c.SortName}
}

// IsNode marks an object with a global id.
func (Company) IsNode() {}
