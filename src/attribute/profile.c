#include <faultline/profile.h>

#include <string.h>

const char *
profile_doubtful(const struct profile *p, const char *section, const char *key)
{
	for (size_t i = 0; i < p->doubts; i++)
		if (strcmp(p->doubt[i].section, section) == 0 &&
		    strcmp(p->doubt[i].key, key) == 0)
			return p->doubt[i].why;
	return NULL;
}

bool
profile_is_target(const struct profile *p, const struct addr *a)
{
	for (size_t i = 0; i < p->prefixes.count; i++)
		if (prefix_contains(&p->prefixes.item[i], a))
			return true;
	return false;
}
