"""Makes plain CloudFormation of the sources in infra/: no transform is left for AWS to carry out."""
